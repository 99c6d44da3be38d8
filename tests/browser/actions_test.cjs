// Every action of the page, by mouse and by keyboard, at the size of a phone and of a desk.
'use strict';
const {test, before, after, describe} = require('node:test');
const {Display, open, close, endBrowser, judge, picture, patiently, HANDS, SIZES, assert} = require('./support.cjs');

after(endBrowser);

const message = (page) => page.locator('.message').last();
const said = async (page, pattern) => {
  await patiently(`it says ${pattern}`, async () =>
    (await page.locator('.message').allInnerTexts()).some((one) => pattern.test(one)));
};

const closeMessages = async (page, act) => {
  const close = page.getByRole('button', {name: 'Close this message'});
  while (await close.count() > 0) await act(close.first());
};

for (const [size, dimensions] of Object.entries(SIZES)) {
  test(`${size}: the store is narrowed to a category, and widened again, by the keyboard alone`, async () => {
    const display = await Display.start({prepare: (one) => {
      const store = JSON.parse(one.read('registry/plugins.json'));
      store.plugins.forEach((plugin, at) => { plugin.category = at % 3 ? 'time' : 'games'; });
      one.write('registry/plugins.json', JSON.stringify(store));
    }});
    const page = await open(display, {size: dimensions, to: '/store'});
    const cards = page.locator('#store-list .card:visible');
    const all = await cards.count();
    const focused = () => page.evaluate(() => document.activeElement.id);
    const category = page.getByLabel('Category');
    for (let i = 0; i < 20 && await focused() !== 'store-search'; ++i) await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    assert.equal(await focused(), 'store-category', 'it is the next stop behind the search');
    assert.notEqual(await category.evaluate((one) => getComputedStyle(one).outlineStyle), 'none', 'and is seen to be');
    const sizes = [];
    for (const kind of ['games', 'time']) {
      await page.keyboard.press('ArrowDown');
      assert.equal(await category.inputValue(), kind);
      const shown = await cards.evaluateAll((every) => every.map((one) => one.dataset.category));
      assert.deepEqual([...new Set(shown)], [kind]);
      sizes.push(shown.length);
    }
    assert.equal(sizes[0] + sizes[1], all);
    await judge(page, 'the store, one category of it');
    await picture(page, `store-category-${size}`);
    await page.keyboard.press('Tab');
    assert.equal(await focused(), 'store-refresh');
    await page.keyboard.press('Enter');
    await said(page, /registry|store/);
    assert.equal(await category.inputValue(), 'time', 'what was chosen is still chosen');
    assert.equal(await cards.count(), sizes[1]);
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.type('g');
    assert.equal(await cards.count(), sizes[0], 'the first letter is enough');
    await page.keyboard.press('Home');
    assert.equal(await category.inputValue(), '');
    assert.equal(await cards.count(), all);
    await page.keyboard.type('g');
    display.write('registry/plugins.json', display.read('registry/plugins.json').replaceAll('"games"', '"play"'));
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await patiently('the category that is gone is chosen no more', async () => await category.inputValue() === '');
    assert.equal(await category.evaluate((one) => one.selectedOptions[0]?.textContent), 'All categories');
    assert.equal(await cards.count(), all);
    await close(page);
    await display.end();
  });

  for (const [hand, act] of Object.entries(HANDS)) {
    describe(`${size}, ${hand}`, () => {
      let display;
      before(async () => {
        display = await Display.start({prepare: (one) => {
          one.release('sunrise-clock', '1.1.0');
          one.release('bus-board', '2.4.0');
          const store = JSON.parse(one.read('registry/plugins.json'));
          store.plugins.forEach((plugin, at) => { plugin.category = at % 3 ? 'time' : 'games'; });
          store.plugins.push({id: 'far-future', name: 'Far Future', description: 'for years to come', author: 'someone', category: 'time',
            plugin_path: 'plugins/far-future', latest_version: '1.0.0', ledmatrix_min_version: '99.0.0'});
          one.write('registry/plugins.json', JSON.stringify(store));
          one.write('src/__init__.py', '__version__ = "3.2.0"\n');
        }});
      });
      after(() => display.end());
      const start = (more = {}) => open(display, {size: dimensions, ...more});

      test('F133 the switch turns a plugin off and on, with one request each, and says so', async () => {
        const page = await start();
        const tide = page.getByRole('switch', {name: /^Tide/});
        for (const wanted of [false, true]) {
          page.changes.length = 0;
          await act(tide);
          await patiently('the switch shows it', async () => await tide.getAttribute('aria-checked') === String(wanted));
          assert.deepEqual(page.changes, ['/api/v3/plugins/toggle']);
          assert.equal(display.config()['tide-table'].enabled, wanted);
        }
        await said(page, /switched on/);
        await close(page);
      });

      test('F133 who clicks twice changes once', async () => {
        const page = await start();
        const tide = page.getByRole('switch', {name: /^Tide/});
        if (hand === 'mouse') await tide.dblclick();
        else { await tide.focus(); await page.keyboard.press('Enter'); await page.keyboard.press('Enter'); }
        await patiently('it is off', async () => await tide.getAttribute('aria-checked') === 'false');
        assert.deepEqual(page.changes, ['/api/v3/plugins/toggle']);
        assert.equal(display.config()['tide-table'].enabled, false);
        await close(page);
      });

      test('a finding tells why, is settled by a choice, and can be snoozed', async () => {
        const page = await start();
        const finding = page.locator('.finding', {hasText: 'garage-door'}).first();
        await act(finding.locator('summary'));
        assert.ok(await finding.getByText('has a section for it').isVisible());
        await picture(page, `finding-${size}`);
        await act(finding.getByRole('button', {name: /^Switch off/}));
        await said(page, /garage-door/);
        await patiently('it is gone', async () => await page.locator('.finding.person', {hasText: 'garage-door'}).count() === 0);
        assert.equal(display.config()['garage-door'].enabled, false);
        const other = page.locator('.finding.person').first();
        const before = await page.locator('.finding.person').count();
        await act(other.getByRole('button', {name: /^Snooze/}));
        await patiently('it is not shown', async () => await page.locator('.finding.person').count() < before);
        const left = await page.locator('.finding.person, .finding.mends').count();
        await patiently('the tab counts what is left', async () => {
          const count = page.locator('#count-plugins');
          return left === 0 ? await count.isHidden() : await count.innerText() === String(left);
        });
        await close(page);
      });

      test('a snooze is taken back where it is told, and what was just done by the message about it', async () => {
        const page = await start();
        const snoozed = page.locator('#good-to-know .finding', {has: page.getByRole('button', {name: /^Tell me again/})});
        await act(page.locator('#good-to-know > summary'));
        const before = await page.locator('.finding.person').count();
        await act(snoozed.first().getByRole('button', {name: /^Tell me again/}));
        await patiently('it is told again', async () => await page.locator('.finding.person').count() > before);
        const tide = page.getByRole('switch', {name: /^Tide/});
        const on = await tide.getAttribute('aria-checked');
        await act(tide);
        await patiently('it is switched', async () => await tide.getAttribute('aria-checked') !== on);
        await act(page.locator('.message', {hasText: 'tide-table is switched'}).last().getByRole('button', {name: 'Undo'}));
        await said(page, /is undone/);
        await patiently('it is as it was', async () => await tide.getAttribute('aria-checked') === on);
        await close(page);
      });

      test('what can be mended is mended by one button, each by itself or all at once, and is taken back', async () => {
        const page = await start();
        const mends = page.locator('.finding.mends');
        await mends.first().waitFor();
        const before = await mends.count();
        assert.ok(before >= 2, `${before} can be mended`);
        page.changes.length = 0;
        await act(page.locator('.finding.mends', {hasText: 'moon-phase'}).getByRole('button', {name: /^Mend/}));
        await patiently('it is there', async () => display.has('plugin-repos/moon-phase/manifest.json'));
        await patiently('it is not told any more', async () => await mends.count() === before - 1);
        assert.deepEqual(page.changes, ['/api/trueup/v1/reconcile']);
        await act(page.getByRole('button', {name: /^Mend/}).first()); // all that is left
        await patiently('nothing is left to mend', async () => await mends.count() === 0);
        assert.equal(await page.getByRole('button', {name: /^Mend/}).count(), 0);
        await act(page.getByRole('link', {name: 'History'}));
        await act(page.locator('.history li', {hasText: 'moon-phase'}).first().getByRole('button', {name: /^Undo/}));
        await said(page, /is undone/);
        await patiently('it is as it was', async () => !display.has('plugin-repos/moon-phase/manifest.json'));
        await close(page);
      });

      test('why a plugin is not on the display is a page of its own, with undo', async () => {
        const page = await start();
        await act(page.locator('#plugin-bird-song').getByRole('link', {name: /^Why/}));
        await page.getByText('Bird Song is not on the display, because it is not wanted').waitFor();
        await picture(page, `why-${size}`);
        await act(page.getByRole('switch', {name: /^Bird/}));
        await page.getByText(/^Bird Song (is|should be|may be) on the display/).waitFor();
        assert.equal(display.config()['bird-song'].enabled, true);
        await act(page.getByRole('switch', {name: /^Bird/}));
        await page.getByText('Bird Song is not on the display, because it is not wanted').waitFor();
        await act(page.getByRole('link', {name: /^Plugins/}));
        const bird = page.getByRole('switch', {name: /^Bird/});
        await act(bird);
        await patiently('it is on', async () => await bird.getAttribute('aria-checked') === 'true');
        await page.goBack();
        await page.getByText(/^Bird Song (is|should be|may be) on the display/).waitFor();
        await act(page.locator('#panel-why .history li', {hasText: 'bird-song'}).first().getByRole('button', {name: /^Undo/}));
        await page.getByText('Bird Song is not on the display, because it is not wanted').waitFor();
        await close(page);
      });

      test('history takes back what was done', async () => {
        const page = await start({to: '/history'});
        const line = page.locator('.history li', {hasText: 'garage-door'}).first();
        await act(line.getByRole('button', {name: /^Undo/}));
        await said(page, /is undone/);
        await patiently('it is on again', async () => display.config()['garage-door'].enabled === true);
        await picture(page, `history-${size}`);
        await close(page);
      });

      test('what does not fit this LEDMatrix says so in the store, and only that has no button', async () => {
        const page = await start({to: '/store'});
        const search = page.getByRole('searchbox', {name: 'Search the store'});
        await search.focus();
        await page.keyboard.type('years to come');
        const card = page.locator('#store-list .card:visible');
        assert.equal(await card.count(), 1);
        assert.ok(await card.getByText('It does not fit this LEDMatrix: needs 99.0.0 or later, this is 3.2.0').isVisible());
        assert.equal(await card.getByRole('button').count(), 0);
        await picture(page, `store-unfit-${size}`);
        await judge(page, 'the store with something that does not fit');
        await search.fill('quiz');
        assert.equal(await card.count(), 1);
        assert.equal(await card.getByText('does not fit').count(), 0);
        assert.equal(await card.getByRole('button', {name: /^Install/}).count(), 1);
        await close(page);
      });

      test('the store is searched, a plugin is installed, removed with a question, and comes back by undo', async () => {
        const page = await start({to: '/store'});
        const search = page.getByRole('searchbox', {name: 'Search the store'});
        await search.focus();
        await page.keyboard.type('no such thing');
        assert.ok(await page.getByText('Nothing in the store fits that').isVisible());
        await search.fill('');
        const category = page.getByLabel('Category');
        const kind = await page.locator('#store-list .card').first().getAttribute('data-category');
        await category.selectOption(kind);
        const fits = await page.locator(`#store-list .card[data-category="${kind}"]`).count();
        assert.equal(await page.locator('#store-list .card:visible').count(), fits);
        await category.selectOption('');
        await act(page.getByRole('button', {name: 'Ask the store again'}));
        await said(page, /registry|store/);
        await search.fill('quiz');
        const card = page.locator('#store-list .card:visible');
        assert.equal(await card.count(), 1);
        await picture(page, `store-${size}`);
        await act(card.getByRole('button', {name: /^Install/}));
        await card.getByText('installed').waitFor();
        assert.equal(await search.inputValue(), 'quiz', 'what was typed is still there');
        await act(page.getByRole('link', {name: 'Plugins'}));
        await page.locator('#plugin-quiz-night').waitFor();
        await act(page.getByRole('button', {name: /^Remove Quiz/i}));
        const dialog = page.getByRole('dialog');
        await picture(page, `remove-${size}`);
        await act(dialog.getByRole('button', {name: 'Cancel'}));
        assert.equal(page.changes.filter((one) => one.endsWith('uninstall')).length, 0);
        await act(page.getByRole('button', {name: /^Remove Quiz/i}));
        await act(dialog.getByLabel('Keep its settings'), ' ');
        await act(dialog.getByRole('button', {name: 'Remove'}));
        await page.locator('#plugin-quiz-night').waitFor({state: 'detached'});
        assert.equal(display.config()['quiz-night'], undefined);
        await act(page.getByRole('link', {name: 'History'}));
        await act(page.locator('.history li', {hasText: /quiz-night/}).filter({hasText: 'uninstall'}).first()
          .getByRole('button', {name: /^Undo/}));
        await said(page, /is undone/);
        await patiently('it is back', async () => display.config()['quiz-night'] !== undefined);
        await close(page);
      });

      test('F133 a newer version is offered, put in place by one button, told, and taken back', async () => {
        const page = await start();
        const card = page.locator('#plugin-sunrise-clock');
        const update = card.getByRole('button', {name: /^Update .* from 1\.0\.4 to 1\.1\.0$/});
        await picture(page, `update-${size}`);
        await act(update);
        await said(page, /sunrise-clock is updated: 1\.1\.0 is in the place of 1\.0\.4/);
        await card.locator('.meta', {hasText: '1.1.0'}).waitFor();
        assert.equal(await update.count(), 0, 'and nothing is offered any more');
        assert.deepEqual(page.changes, ['/api/v3/plugins/update']);
        assert.equal(JSON.parse(display.read('plugin-repos/sunrise-clock/manifest.json')).version, '1.1.0');
        await act(page.getByRole('link', {name: 'History'}));
        await act(page.locator('.history li', {hasText: 'updated sunrise-clock'}).first().getByRole('button', {name: /^Undo/}));
        await said(page, /is undone/);
        await act(page.getByRole('link', {name: 'Plugins'}));
        await update.waitFor();
        await act(page.getByRole('button', {name: 'Update all 2'}));
        await said(page, /2 updated.*1 not updated: word-of-day/);
        await patiently('all that can be is', async () => await page.getByRole('button', {name: /^Update/}).count() === 0);
        for (const [id, version] of [['sunrise-clock', '1.1.0'], ['bus-board', '2.4.0']]) {
          assert.equal(JSON.parse(display.read(`plugin-repos/${id}/manifest.json`)).version, version);
        }
        await close(page);
      });

      test('an address is looked at before anything of it is trusted, installed from, saved and forgotten', async () => {
        const page = await start({to: '/store', allow: ['400', '503']});
        await page.getByLabel(/^Address of a plugin/).focus();
        await page.keyboard.type('https://github.com/someone/their-plugin');
        const look = page.getByRole('button', {name: 'Look what it offers'});
        await act(look);
        await said(page, /no address is asked/); // this display's registry is a directory
        assert.ok(await look.evaluate((button) => {
          button.scrollIntoView({block: 'nearest'});
          const {x, y, width, height} = button.getBoundingClientRect();
          return button.contains(document.elementFromPoint(x + width / 2, y + height / 2));
        }), 'it can be scrolled out from under the message');
        await closeMessages(page, act);
        await page.route('**/registry-from-url', (one) => one.fulfill({status: 200, contentType: 'application/json', body: JSON.stringify({
          status: 'success', registry_url: 'https://github.com/someone/their-plugin',
          plugins: [{id: 'theirs', name: '<b>Theirs</b>', latest_version: '1.0.0', description: 'shows <i>theirs</i>'},
            {id: 'later', name: 'Later', latest_version: '2.0.0', description: '', does_not_fit: 'needs 9.0.0 or later, this is 3.2.0'}]})}));
        await act(look);
        const dialog = page.getByRole('dialog');
        await dialog.getByText('<b>Theirs</b> 1.0.0 – shows <i>theirs</i>').waitFor();
        await dialog.getByText('Nobody has checked this').waitFor();
        await dialog.getByText('Later 2.0.0 It does not fit this LEDMatrix: needs 9.0.0 or later, this is 3.2.0').waitFor();
        assert.equal(await dialog.getByRole('button', {name: /^Install/}).count(), 1, 'what does not fit has no button');
        await picture(page, `offer-${size}`);
        await act(dialog.getByRole('button', {name: 'Close'}));
        assert.deepEqual(page.changes.filter((one) => one.endsWith('install-from-url')), []);
        await act(look);
        await act(dialog.getByRole('button', {name: 'Install theirs'}));
        await patiently('it is asked for', async () => page.changes.includes('/api/v3/plugins/install-from-url'));
        await said(page, /asked|found|registry/);
        await closeMessages(page, act);
        await act(page.getByRole('button', {name: 'Save it'}));
        await page.getByText('Saved repositories').waitFor();
        await closeMessages(page, act);
        await act(page.getByRole('button', {name: /^Remove https/}));
        await page.getByText('Saved repositories').waitFor({state: 'detached'});
        assert.equal(JSON.parse(display.read('config/saved_repositories.json')).length, 0);
        await close(page);
      });

      test('F96 a newer version that does not fit this LEDMatrix has no button, and what it needs is said', async () => {
        display.release('tide-table', '9.0.0');
        const store = JSON.parse(display.read('registry/plugins.json'));
        Object.assign(store.plugins.find((one) => one.id === 'tide-table'), {ledmatrix_min_version: '3.0.0', ledmatrix_min: '3.10.0'});
        display.write('registry/plugins.json', JSON.stringify(store));
        const page = await start({to: '/store'});
        await act(page.getByRole('button', {name: 'Ask the store again'}));
        await said(page, /registry|store/);
        await act(page.getByRole('link', {name: /^Plugins/}));
        const card = page.locator('#plugin-tide-table');
        await card.getByText('9.0.0 is offered: this plugin asks for LEDMatrix 3.10.0 or newer, and this is 3.2.0').waitFor();
        assert.equal(await card.getByRole('button', {name: /^Update/}).count(), 0);
        await judge(page, 'an update that does not fit');
        await picture(page, `update-unfit-${size}`);
        await close(page);
      });

      test('check now looks again', async () => {
        const page = await start();
        await act(page.getByRole('button', {name: 'Check now'}));
        await page.getByText('Checked just now').waitFor();
        await picture(page, `plugins-${size}`);
        await close(page);
      });
    });
  }
}
