// Parts of the page arrive, whatever becomes of htmx and of the network (failures F132, F133).
'use strict';
const {test, before, after} = require('node:test');
const {Display, open, close, endBrowser, patiently, assert} = require('./support.cjs');

let display;
before(async () => { display = await Display.start(); });
after(endBrowser);

const htmx = '**/htmx-*.js';
const state = (page, name) => page.locator(`#panel-${name}`).getAttribute('data-state');
const ready = (page, name, longest) => patiently(`${name} is ready`, async () => await state(page, name) === 'ready', longest);
const countParts = (page) => {
  const asked = [];
  page.on('request', (request) => { if (request.url().includes('/parts/')) asked.push(request); });
  return asked;
};

test('F133 with htmx a tab is loaded by hx-get when it is revealed, once', async () => {
  let asked;
  const page = await open(display, {before: async (fresh) => { asked = countParts(fresh); }});
  await page.waitForFunction(() => window.htmx);
  await page.getByRole('link', {name: 'History'}).click();
  await ready(page, 'history');
  assert.equal(asked.filter((one) => one.url().endsWith('/parts/history')).length, 1);
  assert.equal(asked.find((one) => one.url().endsWith('/history')).headers()['hx-request'], 'true');
  await page.getByRole('link', {name: 'Plugins'}).click();
  await page.getByRole('link', {name: 'History'}).click();
  assert.equal(asked.filter((one) => one.url().endsWith('/parts/history')).length, 1, 'it is there already');
  await close(page);
});

test('F133 five seconds after the page opened every tab is ready, whichever is open', async () => {
  const page = await open(display);
  assert.notEqual(await state(page, 'store'), 'ready');
  for (const name of ['store', 'history']) await ready(page, name, 8000);
  assert.match(await page.locator('#panel-store').innerHTML(), /store-list/);
  await close(page);
});

test('F133 where htmx is blocked a click on the tab loads it, and so do five seconds', async () => {
  const page = await open(display, {allow: ['net::ERR_FAILED'], before: (fresh) => fresh.route(htmx, (one) => one.abort())});
  assert.equal(await page.evaluate(() => typeof window.htmx), 'undefined');
  await page.getByRole('link', {name: 'Store'}).click();
  await ready(page, 'store', 2000);
  await ready(page, 'history', 8000);
  await close(page);
});

test('F133 where the request of htmx fails a plain one is made, and what is wrong is said with a button', async () => {
  let answer = 500;
  const page = await open(display, {allow: ['500', 'Response Status Error'], before: (fresh) =>
    fresh.route('**/parts/store', (one) => answer === 200 ? one.continue() : one.fulfill({status: answer, body: 'broken'}))});
  await page.getByRole('link', {name: 'Store'}).click();
  const again = page.locator('#panel-store').getByRole('button', {name: 'Try again'});
  await again.waitFor();
  assert.match(await page.locator('#panel-store').innerText(), /could not be loaded: the display answered 500/);
  answer = 200;
  await again.click();
  await ready(page, 'store');
  await close(page);
});

test('F133 where only htmx fails nobody notices', async () => {
  const page = await open(display, {allow: ['500', 'Response Status Error'], before: (fresh) =>
    fresh.route('**/parts/store', (one) =>
      one.request().headers()['hx-request'] ? one.fulfill({status: 500, body: 'broken'}) : one.continue())});
  await page.getByRole('link', {name: 'Store'}).click();
  await ready(page, 'store');
  await close(page);
});

test('F133 an answer that does not come is given up after ten seconds and can be asked for again', async () => {
  let hangs = true;
  const page = await open(display, {allow: ['net::ERR_FAILED'], before: async (fresh) => {
    await fresh.route(htmx, (one) => one.abort());
    await fresh.route('**/parts/history', (one) => hangs ? undefined : one.continue());
  }});
  const begun = Date.now();
  await page.getByRole('link', {name: 'History'}).click();
  const again = page.locator('#panel-history').getByRole('button', {name: 'Try again'});
  await again.waitFor({timeout: 15000});
  assert.ok(Date.now() - begun > 9500, 'it waits ten seconds');
  assert.match(await page.locator('#panel-history').innerText(), /did not answer in 10 seconds/);
  hangs = false;
  await again.press('Enter');
  await ready(page, 'history');
  await close(page);
});

test('F133 what htmx swaps in is begun anew, and only that', async () => {
  const page = await open(display);
  await ready(page, 'store', 8000);
  await page.evaluate(() => { document.getElementById('panel-history').dataset.mark = 'untouched'; });
  await page.evaluate(() => window.htmx.ajax('GET', '/parts/store', {target: '#panel-store', swap: 'innerHTML'}));
  await ready(page, 'store');
  assert.equal(await page.locator('#panel-history').getAttribute('data-mark'), 'untouched');
  await close(page);
});

test('F116 what changes while a part is on its way is shown as well', async () => {
  const page = await open(display);
  const tide = page.getByRole('switch', {name: /^Tide/});
  const shows = (wanted) => patiently(`it shows ${wanted}`, async () => await tide.getAttribute('aria-checked') === wanted);
  await shows('true');
  let release;
  const held = new Promise((done) => { release = done; });
  let fetched;
  const isFetched = new Promise((done) => { fetched = done; });
  await page.route('**/parts/plugins', async (one) => {
    const old = await one.fetch();
    fetched();
    await held;
    await one.fulfill({response: old});
  }, {times: 1});
  display.command('disable', 'tide-table');
  await isFetched;
  const before = await page.evaluate('seen');
  display.command('enable', 'tide-table');
  await patiently('it is told', async () => await page.evaluate('seen') !== before);
  await page.waitForFunction(() => document.getElementById('panel-plugins').dataset.stale === 'yes');
  release();
  await shows('true');
  await close(page);
});

test('F132 the list is there every time: directly, after leaving, after coming back, by the browser’s Back', async () => {
  const page = await open(display, {to: '/store'});
  await page.getByRole('link', {name: 'Plugins'}).click();
  await page.locator('#plugin-tide-table').waitFor();
  await page.getByRole('link', {name: 'History'}).click();
  await page.goBack();
  assert.ok(await page.locator('#plugin-tide-table').isVisible());
  await page.reload();
  assert.ok(await page.locator('#plugin-tide-table').isVisible());
  assert.equal(new URL(page.url()).pathname, '/');
  await close(page);
});
