// What the browser tests share: an installation with `trueup serve --web` on it, and a page of a real browser on that.
'use strict';
const {spawn, spawnSync} = require('node:child_process');
const assert = require('node:assert/strict');
const fs = require('node:fs');
const net = require('node:net');
const os = require('node:os');
const path = require('node:path');
const {chromium} = require('playwright-core');
const axe = fs.readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

const SOURCE = path.resolve(__dirname, '../..');
const TRUEUP = process.env.TRUEUP_BINARY || path.join(SOURCE, 'build/release/bin/trueup');
const PICTURES = path.join(SOURCE, 'build/browser/pictures');
const PHONE = {viewport: {width: 390, height: 844}, hasTouch: true, isMobile: true, deviceScaleFactor: 2};
const DESKTOP = {viewport: {width: 1280, height: 800}};
const SIZES = {phone: PHONE, desktop: DESKTOP};
fs.mkdirSync(PICTURES, {recursive: true});

const freePort = () => new Promise((done) => {
  const server = net.createServer().listen(0, '127.0.0.1', () => {
    const {port} = server.address();
    server.close(() => done(port));
  });
});

const patiently = async (what, ask, longest = 15000) => {
  const until = Date.now() + longest;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > until) throw new Error(`it never came to that: ${what}`);
    await new Promise((done) => setTimeout(done, 25));
  }
};

// One installation, its daemon and its page. `more`: further words for serve.
const running = new Set();

class Display {
  static async start({prepare, more = [], address, registry} = {}) {
    const display = new Display();
    display.registry = registry;
    display.root = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'trueup-browser-')), 'ledmatrix');
    const made = spawnSync(TRUEUP, ['demo', display.root]);
    assert.equal(made.status, 0, String(made.stderr));
    if (prepare) prepare(display);
    display.port = await freePort();
    display.more = more;
    display.web = address ? `${address}:${display.port}` : String(display.port);
    await display.serve();
    return display;
  }

  get address() { return `http://localhost:${this.port}`; }
  get common() { return ['--root', this.root, '--registry', this.registry || path.join(this.root, 'registry')]; }
  file(name) { return path.join(this.root, name); }
  read(name) { return fs.readFileSync(this.file(name), 'utf8'); }
  write(name, text) {
    fs.mkdirSync(path.dirname(this.file(name)), {recursive: true});
    fs.writeFileSync(this.file(name), text);
  }
  has(name) { return fs.existsSync(this.file(name)); }
  config() { return JSON.parse(this.read('config/config.json')); }
  // The store has another version of a plugin from now on.
  release(id, version) {
    for (const name of ['registry/plugins.json', `registry/plugins/${id}/manifest.json`]) {
      const text = JSON.parse(this.read(name));
      if (text.plugins) text.plugins.find((one) => one.id === id).latest_version = version;
      else text.version = version;
      this.write(name, JSON.stringify(text));
    }
  }
  command(...words) { return spawnSync(TRUEUP, [...this.common, ...words], {encoding: 'utf8'}); }

  async serve() {
    this.log = '';
    this.process = spawn(TRUEUP, [...this.common, 'serve', '--foreground', '--web', this.web, ...this.more],
      {stdio: ['ignore', 'ignore', 'pipe']});
    running.add(this);
    this.process.stderr.on('data', (text) => { this.log += text; });
    await patiently(`the daemon answers\n${this.log}`, () =>
      fetch(`${this.address}/api/trueup/v1/plan`).then((answer) => answer.status < 500, () => false));
  }
  async stop() {
    running.delete(this);
    const ended = new Promise((done) => this.process.once('exit', done));
    this.process.kill('SIGTERM');
    await ended;
  }
  async end() {
    await this.stop();
    fs.rmSync(path.dirname(this.root), {recursive: true, force: true});
  }
}

let browser;
const open = async (display, {size = DESKTOP, to = '/', dark = false, before, allow = []} = {}) => {
  browser ||= await chromium.launch({executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
    args: process.getuid() === 0 ? ['--no-sandbox'] : []});
  const context = await browser.newContext({...size, colorScheme: dark ? 'dark' : 'light', baseURL: display.address});
  const page = await context.newPage();
  page.problems = [];
  page.changes = [];
  const expected = (text) => allow.some((one) => text.includes(one));
  page.on('pageerror', (error) => page.problems.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error' && !expected(message.text())) page.problems.push(message.text());
  });
  page.on('request', (request) => {
    if (request.method() !== 'GET') page.changes.push(new URL(request.url()).pathname);
  });
  if (before) await before(page);
  await page.goto(to);
  return page;
};

const close = async (page) => {
  const {problems} = page;
  await page.context().close();
  assert.deepEqual(problems, [], 'the console of the browser is quiet');
};

// Also what a test that failed has left behind.
const endBrowser = async () => {
  if (browser) await browser.close();
  browser = undefined;
  for (const display of [...running]) await display.end();
};

// WCAG 2.2 AA, as far as a program can judge it.
const judge = async (page, what) => {
  await page.evaluate(axe);
  const found = await page.evaluate(() => window.axe.run(document, {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']}));
  const told = found.violations.map((one) => `${one.id}: ${one.help}\n  ${one.nodes.map((node) =>
    `${node.target.join(' ')} ${node.failureSummary.replace(/\s+/g, ' ')}`).slice(0, 4).join('\n  ')}`);
  assert.deepEqual(told, [], what);
  const [wide, shown] = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
  assert.ok(wide <= shown, `${what}: the page is ${wide} wide and the window ${shown}`);
  const outside = await page.evaluate(() => {
    const main = document.querySelector('main');
    const edge = main.getBoundingClientRect().right - parseFloat(getComputedStyle(main).paddingRight) + 1;
    return [...main.querySelectorAll('li, p, form, fieldset')].filter((one) => one.getBoundingClientRect().right > edge)
      .map((one) => `${one.id || one.className}: ${one.textContent.trim().slice(0, 60)}`);
  });
  assert.deepEqual(outside, [], `${what}: nothing stands out at the right`);
};

const picture = async (page, name) => {
  await page.evaluate(() => window.scrollTo(0, 0));
  await page.screenshot({path: path.join(PICTURES, `${name}.png`), fullPage: true});
};

// By hand of a mouse, or by Tab and a key as somebody without one would. What is at work is not asked again.
const atRest = (target) => patiently('it is not at work any more', async () =>
  await target.getAttribute('aria-busy') !== 'true');
const byMouse = async (target) => {
  await atRest(target);
  await target.click();
};
const byKeyboard = async (target, key = 'Enter') => {
  await atRest(target);
  await target.focus();
  await target.page().keyboard.press(key);
};
const HANDS = {mouse: byMouse, keyboard: byKeyboard};

module.exports = {Display, open, close, endBrowser, judge, picture, patiently, byMouse, byKeyboard, HANDS, SIZES,
  PHONE, DESKTOP, assert, fs, path};
