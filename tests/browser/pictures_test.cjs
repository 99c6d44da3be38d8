// Pictures of a plugin, out of its settings: sent, named by a setting, deleted and brought back; by mouse and keyboard.
'use strict';
const {test, before, after, describe} = require('node:test');
const fs = require('node:fs');
const {Display, open, close, endBrowser, judge, picture, patiently, HANDS, SIZES, assert} = require('./support.cjs');

const SCHEMA = {
  type: 'object',
  properties: {
    city: {type: 'string', title: 'Your city'},
    logo: {type: 'string', title: 'Logo', 'x-widget': 'file-upload-single'},
    shown: {type: 'array', title: 'Shown', 'x-widget': 'file-upload', 'x-upload-config': {max_files: 4}, items: {type: 'object', properties: {
      path: {type: 'string'}, id: {type: 'string'}, note: {type: 'string'}}}},
  },
};
const PNG = Buffer.from('89504e470d0a1a0a', 'hex');
const boat = {name: 'boat.png', mimeType: 'image/png', buffer: Buffer.concat([PNG, Buffer.from('boat')])};
const lake = {name: 'lake.png', mimeType: 'image/png', buffer: Buffer.concat([PNG, Buffer.from('lake')])};
const prepare = (display) => display.write('plugin-repos/tide-table/config_schema.json', JSON.stringify(SCHEMA));
const UPLOADS = 'assets/plugins/tide-table/uploads';
const stored = (display) => fs.existsSync(display.file(UPLOADS)) ? fs.readdirSync(display.file(UPLOADS)).filter((one) => !one.startsWith('.')) : [];

after(endBrowser);

for (const [size, dimensions] of Object.entries(SIZES)) {
  for (const [hand, act] of Object.entries(HANDS)) {
    describe(`${size}, ${hand}`, () => {
      let display;
      before(async () => { display = await Display.start({prepare}); });
      after(() => display.end());

      test('a picture is sent, what was typed meanwhile stays, and a save makes the settings name it', async () => {
        const page = await open(display, {size: dimensions, to: '/plugins/tide-table/settings', allow: ['400']});
        await page.getByLabel('Your city').fill('Ystad');
        const logo = page.locator('[data-name=logo]');
        await logo.locator('[data-upload]').setInputFiles({name: 'boat.jpg', mimeType: 'image/jpeg', buffer: boat.buffer});
        await patiently('it is refused', () => logo.locator('.error').isVisible());
        assert.match(await logo.locator('.error').innerText(), /not what its name says/);
        assert.deepEqual(stored(display), []);
        await logo.locator('[data-upload]').setInputFiles(boat);
        await patiently('it is there', async () => /Save/.test(await logo.locator('[data-said]').innerText()));
        assert.equal(await logo.locator('.error').isVisible(), false);
        const shown = page.locator('[data-name=shown]');
        await shown.locator(':scope > .upload [data-upload]').setInputFiles([boat, lake]);
        await patiently('both are there', async () => await shown.locator('[data-item]').count() === 2);
        await shown.getByLabel('Note').last().fill('mine');
        assert.equal(await page.getByLabel('Your city').inputValue(), 'Ystad', 'what was typed before is still there');
        await judge(page, 'settings with pictures');
        await picture(page, `pictures-${size}`);
        await act(page.getByRole('button', {name: 'Save'}));
        await page.locator('#outcome .notice').waitFor();
        const {city, logo: named, shown: list} = display.config()['tide-table'];
        assert.equal(city, 'Ystad');
        assert.equal(display.read(named), boat.buffer.toString('utf8'));
        assert.deepEqual(list.map((one) => [display.read(one.path), one.note || '']), [[boat.buffer.toString('utf8'), ''], [lake.buffer.toString('utf8'), 'mine']]);
        assert.equal(stored(display).length, 3);
        await close(page);
      });

      test('a deleted one goes, is kept, and undo brings it back', async () => {
        const page = await open(display, {size: dimensions, to: '/plugins/tide-table/settings'});
        const pictures = page.locator('.pictures li');
        assert.equal(await pictures.count(), 3);
        await act(pictures.first().getByRole('button', {name: /^Delete/}));
        await page.locator('#outcome .notice').waitFor();
        assert.match(await page.locator('#outcome').innerText(), /is taken away; it is kept/);
        assert.equal(await pictures.count(), 2);
        assert.equal(stored(display).length, 2);
        assert.equal(display.command('undo').status, 0);
        assert.equal(stored(display).length, 3);
        await close(page);
      });
    });
  }
}
