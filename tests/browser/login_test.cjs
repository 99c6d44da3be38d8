// The page from another machine: a proxy stands for it, which says on whose behalf it asks.
'use strict';
const {test, before, after} = require('node:test');
const http = require('node:http');
const {Display, open, close, endBrowser, judge, picture, patiently, PHONE, DESKTOP, assert} = require('./support.cjs');

let display;
let proxy;
before(async () => {
  display = await Display.start({address: '0.0.0.0'});
  proxy = http.createServer((request, response) => {
    const asked = http.request({host: '127.0.0.1', port: display.port, method: request.method, path: request.url,
      headers: {...request.headers, 'x-forwarded-for': '192.168.1.7'}}, (answer) => {
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
    });
    asked.on('error', () => response.destroy());
    request.pipe(asked);
  }).listen(0, '127.0.0.1');
  await new Promise((done) => proxy.once('listening', done));
});
after(async () => {
  proxy.closeAllConnections();
  proxy.close();
  await endBrowser();
});
const far = () => ({address: `http://127.0.0.1:${proxy.address().port}`});

test('set up by the code that was told, log out, log in again by keyboard, and change something', async () => {
  const page = await open(far(), {size: PHONE, allow: ['401']});
  assert.equal(new URL(page.url()).pathname, '/setup');
  await judge(page, 'set up');
  await picture(page, 'setup-phone');
  const code = /code="?([0-9A-Z]{4}-[0-9A-Z]{4})/.exec(display.log)[1];
  await page.getByLabel('Set-up code').fill('AAAA-AAAA');
  await page.getByLabel(/^New password/).fill('open sesame');
  await page.getByRole('button', {name: 'Set the password'}).click();
  await page.getByText('That is not the set-up code').waitFor();
  await page.getByLabel('Set-up code').fill(code.toLowerCase());
  await page.getByLabel(/^New password/).fill('open sesame');
  await page.keyboard.press('Enter');
  await page.locator('#plugin-tide-table').waitFor();
  await picture(page, 'logged-in-phone');
  await page.getByRole('button', {name: 'Log out'}).click();
  await page.getByLabel('Password').waitFor();
  await judge(page, 'log in');
  await picture(page, 'login-phone');
  await page.getByLabel('Password').fill('wrong one');
  await page.keyboard.press('Enter');
  await page.getByText('That is not the password').waitFor();
  await page.getByLabel('Password').fill('open sesame');
  await page.keyboard.press('Enter');
  const tide = page.getByRole('switch', {name: /^Tide/});
  const before = await tide.getAttribute('aria-checked');
  await tide.click();
  await patiently('it changes', async () => await tide.getAttribute('aria-checked') !== before);
  await close(page);
});

test('a session that has ended under an open page leads to the login', async () => {
  const page = await open(far(), {size: DESKTOP, allow: ['401']});
  await page.getByLabel('Password').fill('open sesame');
  await page.keyboard.press('Enter');
  await page.locator('#plugin-tide-table').waitFor();
  await page.context().clearCookies();
  await page.getByRole('switch', {name: /^Tide/}).click();
  await page.getByLabel('Password').waitFor();
  await close(page);
});
