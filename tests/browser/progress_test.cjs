// What runs is seen while it runs: how far a download is, by events of the server, without a reload and without asking
// again and again; by mouse and by keyboard, at the size of a phone and of a desk.
'use strict';
const {test, before, after, describe} = require('node:test');
const {Display, open, close, endBrowser, judge, picture, patiently, HANDS, SIZES, assert} = require('./support.cjs');
const {StoreServer} = require('./store_server.cjs');

after(endBrowser);

const said = (page, pattern) => patiently(`it says ${pattern}`, async () =>
  (await page.locator('.message').allInnerTexts()).some((one) => pattern.test(one)));

// A reload would forget the mark.
const mark = (page) => page.evaluate(() => { window.mark = 'since the page opened'; });
const samePage = async (page) => assert.equal(await page.evaluate(() => window.mark), 'since the page opened', 'it was not reloaded');

const bar = (page, panel) => page.locator(`#panel-${panel} .operation.open`);
const shows = (page, panel, percent, pattern) => patiently(`it shows ${percent} %`, async () => {
  const one = bar(page, panel);
  if (await one.count() !== 1) return false;
  const value = await one.locator('progress').getAttribute('value');
  return Math.abs(Number(value) - percent) <= 2 && pattern.test(await one.innerText());
});

// How often the page asked for a part, and how often the display said that something is new.
const countNews = async (page) => {
  const news = {asked: 0, told: 0};
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  session.on('Network.eventSourceMessageReceived', () => { news.told += 1; });
  page.on('request', (request) => { news.asked += request.url().includes('/parts/') ? 1 : 0; });
  return news;
};

for (const [size, dimensions] of Object.entries(SIZES)) {
  for (const [hand, act] of Object.entries(HANDS)) {
    describe(`${size}, ${hand}`, () => {
      let display;
      let store;
      before(async () => {
        store = await StoreServer.start();
        store.offer('radio-tower', '1.0.0');
        display = await Display.start({registry: store.registry, prepare: (one) =>
          one.write('config/trueup/settings.json', JSON.stringify({ca_file: store.file('ca.pem')}))});
      });
      after(async () => {
        await display.end();
        await store.end();
      });
      const version = () => JSON.parse(display.read('plugin-repos/radio-tower/manifest.json')).version;
      // Each test stands by itself: it begins with that version in place, whatever ran before.
      const installed = async (wanted) => {
        if (display.has('plugin-repos/radio-tower')) return assert.equal(version(), wanted);
        store.let(4);
        store.offer('radio-tower', wanted);
        const page = await open(display, {to: '/store'});
        await page.getByRole('button', {name: 'Ask the store again'}).click();
        await page.getByRole('button', {name: 'Install radio-tower'}).click();
        await said(page, /radio-tower/);
        await patiently('it is there', async () => display.has('plugin-repos/radio-tower'));
        return close(page);
      };

      test('an install is seen in the store and among the plugins as far as it is, until it is there', async () => {
        const page = await open(display, {size: dimensions, to: '/store'});
        await mark(page);
        await act(page.getByRole('button', {name: 'Ask the store again'}));
        const install = page.getByRole('button', {name: 'Install radio-tower'});
        await install.waitFor();
        store.let(1);
        const news = await countNews(page);
        await act(install);
        await shows(page, 'store', 25, /install of radio-tower: downloading/);
        store.let(2);
        await shows(page, 'store', 50, /downloading/);
        await picture(page, `progress-store-${size}`);
        await judge(page, 'a download in the store');
        assert.ok(news.asked <= news.told + 1, `it asked ${news.asked} times and was told ${news.told} times`);
        await act(page.getByRole('link', {name: /^Plugins/}));
        await shows(page, 'plugins', 50, /radio-tower/);
        store.let(3);
        await shows(page, 'plugins', 75, /downloading/);
        await picture(page, `progress-plugins-${size}`);
        await judge(page, 'a download among the plugins');
        store.let(4);
        await page.locator('#plugin-radio-tower').waitFor();
        await said(page, /radio-tower/);
        await bar(page, 'plugins').waitFor({state: 'detached'});
        assert.equal(version(), '1.0.0');
        await samePage(page);
        await close(page);
      });

      test('an update is seen as far as it is, until the new version is there', async () => {
        await installed('1.0.0');
        store.let(0);
        store.offer('radio-tower', '1.1.0');
        const page = await open(display, {size: dimensions, to: '/store'});
        await mark(page);
        await act(page.getByRole('button', {name: 'Ask the store again'}));
        await said(page, /registry|store/);
        await act(page.getByRole('link', {name: /^Plugins/}));
        const card = page.locator('#plugin-radio-tower');
        await act(card.getByRole('button', {name: /^Update/}));
        for (const quarter of [1, 2, 3]) {
          store.let(quarter);
          await shows(page, 'plugins', 25 * quarter, /update of radio-tower: downloading/);
        }
        assert.equal(await card.getByRole('button', {name: /^Remove/}).getAttribute('aria-busy'), 'true');
        store.let(4);
        await said(page, /radio-tower is updated: 1\.1\.0 is in the place of 1\.0\.0/);
        await card.locator('.meta', {hasText: '1.1.0'}).waitFor();
        await bar(page, 'plugins').waitFor({state: 'detached'});
        await samePage(page);
        await close(page);
      });

      test('a download is called off, also by a press that lasts while it goes on, and nothing has changed', async () => {
        await installed('1.1.0');
        store.let(0);
        store.offer('radio-tower', '1.2.0');
        const page = await open(display, {size: dimensions, to: '/store', allow: ['409', '500', '503']});
        await act(page.getByRole('button', {name: 'Ask the store again'}));
        await said(page, /registry|store/);
        await act(page.getByRole('link', {name: /^Plugins/}));
        await act(page.locator('#plugin-radio-tower').getByRole('button', {name: /^Update/}));
        store.let(1);
        await shows(page, 'plugins', 25, /radio-tower/);
        const cancel = bar(page, 'plugins').getByRole('button', {name: /^Cancel/});
        if (hand === 'mouse') {
          await cancel.hover();
          await page.mouse.down();
        } else {
          await cancel.focus();
          await page.keyboard.down(' ');
        }
        store.let(2);
        await shows(page, 'plugins', 50, /downloading/);
        if (hand === 'mouse') await page.mouse.up();
        else await page.keyboard.up(' ');
        await patiently('it is asked for', async () => page.changes.includes('/api/trueup/v1/operations/cancel'));
        await bar(page, 'plugins').waitFor({state: 'detached'});
        await said(page, /called off/);
        assert.equal(version(), '1.1.0');
        await close(page);
      });
    });
  }
}
