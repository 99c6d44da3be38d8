// A store on a server of the test: what is downloaded from it comes as far as the test says, and then waits.
'use strict';
const {spawn, spawnSync} = require('node:child_process');
const assert = require('node:assert/strict');
const crypto = require('node:crypto');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const SERVER = path.resolve(__dirname, '../support/web_server.py');
const PIECES = 4;
const REPOSITORY = '/u/plugins';
const ARCHIVE = `${REPOSITORY}/archive/refs/heads/main.zip`;

const run = (words, options = {}) => {
  const ran = spawnSync(words[0], words.slice(1), options);
  assert.equal(ran.status, 0, `${words.join(' ')}: ${ran.stderr}`);
};

class StoreServer {
  static async start() {
    const server = new StoreServer();
    server.directory = fs.mkdtempSync(path.join(os.tmpdir(), 'trueup-store-'));
    run(['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '30',
      '-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', server.file('key'), '-out', server.file('ca.pem')]);
    server.write('server.pem', fs.readFileSync(server.file('ca.pem'), 'utf8') + fs.readFileSync(server.file('key'), 'utf8'));
    server.process = spawn('python3', [SERVER, server.directory], {stdio: ['pipe', 'pipe', 'inherit']});
    const [ports] = await new Promise((done) => server.process.stdout.once('data', (text) => done(String(text).split('\n'))));
    server.address = `https://127.0.0.1:${ports.split(' ')[0]}`;
    server.plugins = new Map();
    return server;
  }

  file(name) { return path.join(this.directory, name); }
  write(name, text) {
    fs.mkdirSync(path.dirname(this.file(name)), {recursive: true});
    fs.writeFileSync(this.file(name), text);
  }
  get registry() { return `${this.address}/plugins.json`; }

  // From now on the store has it, in one archive with all others; the archive waits for `let`.
  offer(id, version) {
    this.plugins.set(id, version);
    const at = `plugins-main/plugins/${id}`;
    this.write(`${at}/manifest.json`, JSON.stringify({id, name: id, version, class_name: 'Plugin', entry_point: 'manager.py',
      description: `shows ${id}`, author: 'someone', display_modes: [id]}));
    this.write(`${at}/manager.py`, 'class Plugin:\n    pass\n');
    this.write(`${at}/data.bin`, crypto.randomBytes(2_000_000)); // so that there is something to wait for
    run(['python3', '-m', 'zipfile', '-c', this.file('main.zip'), 'plugins-main'], {cwd: this.directory});
    fs.mkdirSync(path.dirname(this.file(`site${ARCHIVE}`)), {recursive: true});
    fs.renameSync(this.file('main.zip'), this.file(`site${ARCHIVE}`));
    const plugins = [...this.plugins].map(([one, latest]) => ({id: one, name: one, description: `shows ${one}`, author: 'someone',
      category: 'time', repo: `${this.address}${REPOSITORY}`, branch: 'main', plugin_path: `plugins/${one}`, latest_version: latest, verified: true}));
    this.write('site/plugins.json', JSON.stringify({last_updated: version, plugins}));
    this.write('rules.json', JSON.stringify({[ARCHIVE]: [{file: ARCHIVE.slice(1), pieces: PIECES}]}));
  }

  // So many quarters of a download may come.
  let(quarters) {
    this.write('pieces.new', String(quarters));
    fs.renameSync(this.file('pieces.new'), this.file('pieces'));
  }

  async end() {
    const ended = new Promise((done) => this.process.once('exit', done));
    this.process.stdin.end();
    await ended;
    fs.rmSync(this.directory, {recursive: true, force: true});
  }
}

module.exports = {StoreServer};
