// The settings of a plugin, out of its schema: by mouse and keyboard, on a phone and on a desk.
'use strict';
const {test, before, after, describe} = require('node:test');
const {Display, open, close, endBrowser, judge, picture, patiently, HANDS, SIZES, DESKTOP, assert} = require('./support.cjs');

const SCHEMA = {
  type: 'object', additionalProperties: false, required: ['city'],
  properties: {
    city: {type: 'string', default: 'Malmö', minLength: 2, title: 'Your city', description: 'Where the tide is told for.'},
    update_interval: {type: 'integer', minimum: 60, maximum: 3600, default: 300, description: 'Seconds between two looks.'},
    show_wind: {type: 'boolean', default: true},
    unit: {enum: ['metre', 'foot'], default: 'metre'},
    days: {type: 'array', items: {enum: ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']}, default: ['Sat', 'Sun']},
    stations: {type: 'array', items: {type: 'string'}, default: ['Ystad']},
    text_color: {type: 'array', items: {type: 'integer', minimum: 0, maximum: 255}, default: [255, 200, 0]},
    start: {type: 'string', format: 'time', default: '07:30'},
    api_key: {type: 'string', 'x-secret': true, default: ''},
    place: {type: 'object', title: 'Place', properties: {north: {type: 'number', minimum: -90, maximum: 90}, east: {type: 'number'}}},
    accounts: {type: 'array', items: {type: 'object', properties: {
      name: {type: 'string', minLength: 1}, token: {type: 'string', 'x-secret': true}}}},
    station: {type: 'string'},
  },
};

const prepare = (display) => {
  display.write('plugin-repos/tide-table/config_schema.json', JSON.stringify(SCHEMA, null, 2));
  const config = display.config();
  config['tide-table'].accounts = [{name: 'one'}, {name: 'two'}];
  display.write('config/config.json', JSON.stringify(config, null, 4));
  const secrets = JSON.parse(display.read('config/config_secrets.json'));
  secrets['tide-table'] = {api_key: 'canary-key', accounts: [{token: 'canary-one'}, {token: 'canary-two'}]};
  display.write('config/config_secrets.json', JSON.stringify(secrets, null, 4));
};
const section = (display) => display.config()['tide-table'];
const secretsOf = (display) => JSON.parse(display.read('config/config_secrets.json'))['tide-table'];
const save = async (page, act) => {
  await act(page.getByRole('button', {name: 'Save'}));
  await page.locator('#outcome .notice').waitFor();
  return page.locator('#outcome').innerText();
};

after(endBrowser);

for (const [size, dimensions] of Object.entries(SIZES)) {
  for (const [hand, act] of Object.entries(HANDS)) {
    describe(`${size}, ${hand}`, () => {
      let display;
      before(async () => { display = await Display.start({prepare}); });
      after(() => display.end());

      test('from the card to the form, and a save changes what was changed there and nothing else', async () => {
        const page = await open(display, {size: dimensions});
        await act(page.getByRole('link', {name: /^Settings of Tide/}));
        await page.getByLabel('Your city').fill('Ystad');
        await page.getByLabel('Update interval').fill('600');
        await act(page.getByLabel('Show wind'), ' ');
        await page.getByLabel('Unit').selectOption({label: 'foot'});
        await act(page.getByRole('checkbox', {name: 'Mon'}), ' ');
        await page.getByLabel('Stations').fill('Ystad\nTrelleborg');
        await page.getByLabel('Text color').fill('#0080ff');
        await page.getByLabel('Start').fill('08:15');
        await page.getByLabel('North').fill('55.43');
        const before = section(display);
        const secrets = display.read('config/config_secrets.json');
        await judge(page, 'settings');
        await picture(page, `settings-${size}`);
        assert.match(await save(page, act), /are saved/);
        assert.deepEqual(section(display), {...before, city: 'Ystad', update_interval: 600, show_wind: false, unit: 'foot',
          days: ['Mon', 'Sat', 'Sun'], stations: ['Ystad', 'Trelleborg'], text_color: [0, 128, 255], start: '08:15', place: {north: 55.43}});
        assert.equal(display.read('config/config_secrets.json'), secrets);
        assert.equal(await page.getByLabel('Your city').inputValue(), 'Ystad');
        assert.match(await save(page, act), /Nothing was changed/);
        assert.equal(page.changes.length, 1);
        await close(page);
      });

      test('what the schema does not allow is told at its field, changes nothing, and is mended there', async () => {
        const page = await open(display, {size: dimensions, to: '/plugins/tide-table/settings', allow: ['400', '422']});
        const before = display.read('config/config.json');
        await page.getByLabel('Update interval').fill('5');
        await page.getByLabel('North').fill('91');
        assert.match(await save(page, act), /see the marked fields/);
        const interval = page.locator('[data-name=update_interval]');
        assert.match(await interval.locator('.error').innerText(), /at least 60/);
        assert.match(await page.locator('[data-name="place.north"] .error').innerText(), /at most 90/);
        assert.equal(await page.evaluate(() => document.activeElement.closest('[data-name]').dataset.name), 'update_interval');
        assert.equal(await interval.locator('input').getAttribute('aria-invalid'), 'true');
        assert.equal(display.read('config/config.json'), before);
        await judge(page, 'settings with errors');
        await picture(page, `settings-errors-${size}`);
        await page.getByLabel('Update interval').fill('120');
        await page.getByLabel('North').fill('50');
        assert.match(await save(page, act), /are saved/);
        assert.equal(section(display).update_interval, 120);
        await close(page);
      });

      test('secrets are not shown, stay when they are left blank, and are changed and removed only when asked', async () => {
        const page = await open(display, {size: dimensions, to: '/plugins/tide-table/settings'});
        assert.doesNotMatch(await page.content(), /canary/);
        const key = page.locator('[data-name=api_key]');
        await page.getByLabel('Your city').fill('Lund');
        assert.match(await save(page, act), /are saved/);
        assert.equal(secretsOf(display).api_key, 'canary-key');
        await key.locator('input').first().fill('canary-new');
        assert.match(await save(page, act), /secrets file/);
        assert.equal(secretsOf(display).api_key, 'canary-new');
        assert.equal(section(display).api_key, undefined);
        await act(key.getByLabel('Remove it'), ' ');
        await save(page, act);
        assert.equal(secretsOf(display).api_key ?? '', '');
        await close(page);
      });

      test('F99 elements of a list are added, changed and removed, and each keeps its own secret', async () => {
        const page = await open(display, {size: dimensions, to: '/plugins/tide-table/settings'});
        const list = page.locator('[data-list]');
        await act(list.locator('[data-item]').first().getByRole('button', {name: 'Remove this one'}));
        await act(list.getByRole('button', {name: 'Add one'}));
        await list.getByLabel('Name').last().fill('three');
        await list.getByLabel('Token').last().fill('canary-three');
        assert.match(await save(page, act), /are saved/);
        assert.deepEqual(section(display).accounts.map((one) => one.name), ['two', 'three']);
        assert.deepEqual(secretsOf(display).accounts.map((one) => one.token), ['canary-two', 'canary-three']);
        await close(page);
      });

      test('back to the defaults, after a question', async () => {
        const page = await open(display, {size: dimensions, to: '/plugins/tide-table/settings'});
        await act(page.getByRole('button', {name: 'Back to the defaults'}));
        await act(page.getByRole('dialog').getByRole('button', {name: 'Reset'}));
        await page.locator('#outcome .notice').waitFor();
        assert.equal(section(display).city, 'Malmö');
        assert.equal(section(display).enabled, true);
        assert.equal(await page.getByLabel('Your city').inputValue(), 'Malmö');
        await close(page);
      });
    });
  }
}

test('what is typed before the script has come is saved as well', async () => {
  const display = await Display.start({prepare});
  let come;
  const script = new Promise((done) => { come = done; });
  const page = await open(display, {to: 'about:blank', before: (fresh) => fresh.route('**/settings.js', async (one) => { await script; await one.continue(); })});
  await page.goto('/plugins/tide-table/settings', {waitUntil: 'commit'});
  await page.getByLabel('Your city').fill('Kivik');
  await page.getByLabel('Unit').selectOption({label: 'foot'});
  await page.locator('[data-list]').getByLabel('Name').first().fill('first');
  come();
  await page.waitForLoadState('load');
  await page.getByRole('button', {name: 'Save'}).click();
  await patiently('it is saved', async () => section(display).city === 'Kivik');
  assert.equal(section(display).unit, 'foot');
  assert.deepEqual(section(display).accounts.map((one) => one.name), ['first', 'two']);
  assert.deepEqual(secretsOf(display).accounts.map((one) => one.token), ['canary-one', 'canary-two']);
  await close(page);
  await display.end();
});

test('F136 values that are not allowed any more stay, are named, and are in the way of no other field', async () => {
  const display = await Display.start({prepare: (fresh) => {
    prepare(fresh);
    const schema = structuredClone(SCHEMA);
    schema.properties.days.uniqueItems = schema.properties.stations.uniqueItems = true;
    fresh.write('plugin-repos/tide-table/config_schema.json', JSON.stringify(schema));
    const config = fresh.config();
    Object.assign(config['tide-table'], {unit: 'fathom', days: ['Sat', 'Caturday', 'Sat'], stations: ['Ystad', 'Ystad']});
    fresh.write('config/config.json', JSON.stringify(config, null, 4));
  }});
  const page = await open(display, {to: '/plugins/tide-table/settings', allow: ['400']});
  const before = section(display);
  await page.getByLabel('Your city').fill('Ystad');
  const told = await save(page, (one) => one.click());
  assert.match(told, /are saved/);
  for (const name of [/unit must be one of/, /days\.1 must be one of/, /days holds the same value twice/, /stations holds the same/]) assert.match(told, name);
  assert.deepEqual(section(display), {...before, city: 'Ystad'});
  const text = display.read('config/config.json');
  await page.getByLabel('Update interval').fill('5');
  assert.match(await save(page, (one) => one.click()), /see the marked fields/);
  assert.match(await page.locator('[data-name=update_interval] .error').innerText(), /at least 60/);
  assert.equal(display.read('config/config.json'), text);
  await page.getByLabel('Update interval').fill('600');
  await page.getByLabel('Stations').fill('Ystad\nLund\nLund');
  assert.match(await save(page, (one) => one.click()), /see the marked fields/);
  assert.match(await page.locator('[data-name=stations] .error').innerText(), /the same value twice/);
  assert.equal(display.read('config/config.json'), text, 'a new one that is there twice is no old one');
  await page.getByLabel('Stations').fill('Ystad\nLund');
  await page.getByRole('checkbox', {name: 'Mon'}).check();
  assert.match(await save(page, (one) => one.click()), /are saved/);
  assert.deepEqual(section(display), {...before, city: 'Ystad', update_interval: 600, stations: ['Ystad', 'Lund'], days: ['Mon', 'Sat', 'Caturday']});
  await close(page);
  await display.end();
});

test('a plugin without a usable schema has a form all the same', async () => {
  const display = await Display.start({prepare: (fresh) => fresh.write('plugin-repos/tide-table/config_schema.json', '{ broken')});
  const page = await open(display, {size: DESKTOP, to: '/plugins/tide-table/settings'});
  await page.getByText('Its schema cannot be used').waitFor();
  await page.getByLabel('Station').fill('Simrishamn');
  await page.getByRole('button', {name: 'Save'}).click();
  await patiently('it is saved', async () => section(display).station === 'Simrishamn');
  await close(page);
  await display.end();
});
