// The page's own script. Works with htmx and without it: whatever loads a part, this makes sure that it arrives, or that
// the reader sees why it did not and can try again. No markup is made from data here: parts come from the server, and
// texts go in as text.
'use strict';

const TOO_LONG = 10000; // milliseconds, for one part
const BE_READY = 5000; // after which parts that nobody opened yet are fetched as well

const panels = () => [...document.querySelectorAll('[data-part]')];
const panelOf = (element) => element instanceof Element && element.matches('[data-part]') ? element : null;
const byId = (id) => document.getElementById(id);
const told = new WeakMap(); // what the display told last of a part

// --- parts ---------------------------------------------------------------------------------------------------------

// Registered before anything is known of htmx. Only the part that was swapped is begun anew.
document.addEventListener('htmx:afterSwap', (event) => {
  const panel = panelOf(event.target);
  if (!panel) return;
  told.set(panel, event.detail.xhr.responseText);
  begin(panel);
});
document.addEventListener('htmx:beforeRequest', (event) => {
  const panel = panelOf(event.target);
  if (!panel) return;
  if (panel.dataset.state === 'ready' || panel.dataset.state === 'loading') event.preventDefault();
  else {
    panel.dataset.state = 'htmx';
    panel.dataset.stale = '';
  }
});
for (const name of ['htmx:responseError', 'htmx:sendError', 'htmx:timeout', 'htmx:sendAbort', 'htmx:swapError']) {
  document.addEventListener(name, (event) => {
    const panel = panelOf(event.target);
    if (panel && panel.dataset.state === 'htmx') {
      panel.dataset.state = '';
      load(panel);
    }
  });
}

// htmx, when it comes after the document was read and before all of it has arrived, waits for an event that is over.
window.addEventListener('load', () => {
  if (window.htmx) window.htmx.process(document.body);
});

function begin(panel) {
  panel.dataset.state = 'ready';
  panel.querySelectorAll('[data-filter]').forEach(filter);
  localTimes(panel);
  const count = panel.querySelector('[data-to-see]')?.dataset.toSee;
  if (count) {
    byId('count-plugins').textContent = count;
    byId('count-plugins').hidden = count === '0';
  }
  if (panel.dataset.stale === 'yes' && !panel.hidden) load(panel, true); // something changed while it was on its way
}

const when = new Intl.DateTimeFormat(undefined, {dateStyle: 'medium', timeStyle: 'short'});
function localTimes(root) {
  for (const time of root.querySelectorAll('time')) time.textContent = when.format(new Date(time.dateTime));
}

async function load(panel, again = false) {
  if (panel.dataset.state === 'loading' || (panel.dataset.state === 'ready' && !again)) return;
  const before = panel.dataset.state;
  panel.dataset.state = 'loading';
  panel.dataset.stale = '';
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), TOO_LONG);
  try {
    const response = await fetch(panel.dataset.part, {signal: abort.signal, cache: 'no-cache'});
    if (response.status === 401) return location.assign('/login');
    if (!response.ok) throw new Error(`the display answered ${response.status}`);
    const text = await response.text();
    swap(panel, text);
  } catch (error) {
    if (before === 'ready' && again) {
      panel.dataset.state = 'ready'; // what is shown stays, and is said to be old
      panel.dataset.stale = 'yes';
      live('The display does not answer. What you see may be old.');
      return;
    }
    panel.dataset.state = 'failed';
    showFailure(panel, error.name === 'AbortError' ? 'the display did not answer in 10 seconds' : error.message);
  } finally {
    clearTimeout(timer);
  }
}

// Keeps what the reader was doing: the focus, what is typed in a search, what is unfolded.
function swap(panel, text) {
  const focused = panel.contains(document.activeElement) ? document.activeElement.id : '';
  const open = [...panel.querySelectorAll('details[open]')].map((one) => one.id);
  const typed = [...panel.querySelectorAll('input, select')].map((one) => [one.id, one.value, one.selectionStart]);
  const fresh = parsed(text);
  const busy = [...fresh.querySelectorAll('[aria-busy]')].map((one) => one.id);
  if (told.has(panel)) patch(panel, parsed(told.get(panel)), fresh);
  else panel.replaceChildren(...fresh.childNodes);
  told.set(panel, text);
  for (const id of busy) byId(id)?.setAttribute('aria-busy', 'true'); // also where this page thought it was done
  for (const id of open) if (byId(id)) byId(id).open = true;
  for (const [id, value, at] of typed) {
    const input = byId(id);
    if (!input) continue;
    input.value = value;
    if (input.selectedIndex < 0) input.selectedIndex = 0; // what was chosen is there no more
    if (id === focused && input.setSelectionRange) input.setSelectionRange(at, at);
  }
  if (focused && document.activeElement?.id !== focused) (byId(focused) || byId('main')).focus({preventScroll: true});
  if (window.htmx) window.htmx.process(panel);
  begin(panel);
}

const parsed = (text) => {
  const section = document.createElement('section');
  section.innerHTML = text;
  return section;
};

// Puts in only what the display tells anew, so that nothing is taken from under a finger, a key or an open list while a
// download tells how far it is. Where `here` differs from `was`, the reader or this script made it so, and it stays.
function patch(here, was, now) {
  const [mine, old, next] = [here, was, now].map((one) => [...one.childNodes]);
  if (mine.length !== old.length) return here.replaceChildren(...next);
  const same = (a, b) => a.isEqualNode(b) || (a.nodeType === Node.ELEMENT_NODE && a.nodeName === b.nodeName && a.id === b.id);
  const shorter = Math.min(old.length, next.length);
  let front = 0;
  while (front < shorter && same(old[front], next[front])) ++front;
  let back = 0;
  while (back < shorter - front && same(old.at(-1 - back), next.at(-1 - back))) ++back;
  const behind = back > 0 ? mine.at(-back) : null;
  for (let i = 0; i < front; ++i) patchOne(mine[i], old[i], next[i]);
  for (let i = 1; i <= back; ++i) patchOne(mine.at(-i), old.at(-i), next.at(-i));
  for (const one of mine.slice(front, mine.length - back)) one.remove();
  for (const one of next.slice(front, next.length - back)) here.insertBefore(one, behind);
}

function patchOne(here, was, now) {
  if (was.isEqualNode(now)) return;
  if (here.nodeName !== now.nodeName) return here.replaceWith(now);
  for (const {name} of was.attributes) if (!now.hasAttribute(name)) here.removeAttribute(name);
  for (const {name, value} of now.attributes) if (was.getAttribute(name) !== value) here.setAttribute(name, value);
  patch(here, was, now);
}

function showFailure(panel, reason) {
  told.delete(panel);
  const box = document.createElement('div');
  box.className = 'notice bad';
  const says = document.createElement('p');
  says.textContent = `This part could not be loaded: ${reason}.`;
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = 'Try again';
  button.addEventListener('click', () => load(panel));
  box.append(says, button);
  panel.replaceChildren(box);
}

// --- tabs ----------------------------------------------------------------------------------------------------------

function show(name, push) {
  const tab = byId(`tab-${name}`);
  const panel = byId(`panel-${name}`);
  if (!tab || !panel) return;
  for (const other of document.querySelectorAll('[data-tab]')) other.removeAttribute('aria-current');
  tab.setAttribute('aria-current', 'page');
  for (const other of panels()) other.hidden = other !== panel;
  if (push) history.pushState({tab: name}, '', tab.getAttribute('href'));
  document.title = `${tab.firstChild.textContent.trim()} – trueup`;
  // htmx would notice that the part is revealed, some frames later. Where it is not there, or not ready yet, the part is
  // fetched without it.
  if (window.htmx && !panel.dataset.state) window.htmx.trigger(panel, 'intersect');
  if (panel.dataset.state !== 'htmx') load(panel, panel.dataset.stale === 'yes');
}

window.addEventListener('popstate', () => {
  const tab = document.querySelector(`[data-tab][href="${CSS.escape(location.pathname)}"]`) ||
    [...document.querySelectorAll('[data-tab]')].find((one) => one.pathname === location.pathname);
  if (tab) show(tab.dataset.tab, false);
  else location.reload();
});

setTimeout(() => panels().forEach((panel) => load(panel)), BE_READY);

// --- actions -------------------------------------------------------------------------------------------------------

async function post(address, body, button, method = 'POST', then = null) {
  if (button) {
    if (button.getAttribute('aria-busy') === 'true') return; // a second click on what is at work does nothing
    button.setAttribute('aria-busy', 'true');
  }
  try {
    const response = await fetch(address, {
      method, headers: {'Content-Type': 'application/json'}, body: JSON.stringify(body),
    });
    if (response.status === 401) return location.assign('/login');
    const answer = await response.json().catch(() => ({}));
    if (!response.ok) {
      const fix = (answer.suggested_fixes || [])[0];
      say(`${answer.message || `the display answered ${response.status}`}${fix ? ` – ${fix}` : ''}`, 'bad');
    } else if (then) {
      then(answer);
    } else {
      const data = answer.data || {};
      if (data.operation_id) awaited.add(data.operation_id);
      const lines = data.history || (answer.history ? [answer.history] : []);
      say(answer.message || 'Done', data.successful === false ? 'bad' : 'good', address.endsWith('/undo') ? [] : lines);
    }
  } catch (error) {
    say('The display does not answer; nothing is known to have changed.', 'bad');
  } finally {
    if (button) button.removeAttribute('aria-busy');
    renew();
  }
}

// What was only accepted is told of when it has ended.
const awaited = new Set();
async function tellOfEnded() {
  if (awaited.size === 0) return;
  try {
    const response = await fetch('/api/trueup/v1/operations');
    if (!response.ok) return;
    for (const one of (await response.json()).data) {
      if (['pending', 'running'].includes(one.state) || !awaited.delete(one.id)) continue;
      say(one.message, one.state === 'completed' ? 'good' : 'bad', one.history);
    }
  } catch (error) {
    // The connection is gone: the next news asks again.
  }
}

document.addEventListener('click', (event) => {
  const target = event.target.closest('button, a');
  if (!target) return;
  if (target.dataset.tab || target.dataset.tabLink) {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    show(target.dataset.tab || target.dataset.tabLink, true);
  } else if (target.dataset.post) {
    post(target.dataset.post, JSON.parse(target.dataset.body || '{}'), target, target.dataset.method);
  } else if ('saveRepository' in target.dataset) {
    const input = byId('offer-url');
    if (input.reportValidity()) post('/api/v3/plugins/saved-repositories', {repo_url: input.value}, target);
  } else if (target.dataset.remove) {
    askToRemove(target);
  } else if ('reload' in target.dataset) {
    const panel = target.closest('[data-part]');
    post('/api/trueup/v1/check', {}, target, 'POST', () => load(panel, true).then(() => live('Checked just now')));
  }
});

function askToRemove(button) {
  if (button.getAttribute('aria-busy') === 'true') return;
  const dialog = byId('remove');
  dialog.querySelector('[data-name]').textContent = button.dataset.name;
  dialog.returnValue = '';
  dialog.onclose = () => {
    if (dialog.returnValue !== 'remove') return;
    post('/api/v3/plugins/uninstall', {plugin_id: button.dataset.remove, preserve_config: byId('remove-keep').checked}, button);
  };
  dialog.showModal();
}

// What an address offers, before anything of it is trusted.
document.addEventListener('submit', (event) => {
  if (!event.target.matches('[data-ask-offer]')) return;
  event.preventDefault();
  const url = byId('offer-url').value;
  post('/api/v3/plugins/registry-from-url', {repo_url: url}, event.target.querySelector('button'), 'POST', (answer) => {
    const dialog = byId('offer');
    dialog.querySelector('[data-offer-address]').textContent = answer.registry_url;
    dialog.querySelector('[data-offers]').replaceChildren(...answer.plugins.map((plugin) => {
      const item = document.createElement('li');
      const says = document.createElement('p');
      says.textContent = `${plugin.name || plugin.id} ${plugin.latest_version}${plugin.description ? ` – ${plugin.description}` : ''}`;
      item.append(says);
      if (plugin.does_not_fit) {
        says.append(` It does not fit this LEDMatrix: ${plugin.does_not_fit}`);
        return item;
      }
      const install = document.createElement('button');
      install.value = 'install';
      install.textContent = `Install ${plugin.id}`;
      install.addEventListener('click', () => post('/api/v3/plugins/install-from-url', {repo_url: url, plugin_id: plugin.id}, install));
      item.append(install);
      return item;
    }));
    dialog.showModal();
  });
});

document.addEventListener('input', (event) => {
  if (event.target.matches('[data-filter]')) filter(event.target);
});

function filter(input) {
  const list = byId(input.dataset.filter);
  if (!list) return;
  const [search, category] = ['input', 'select'].map((kind) =>
    list.closest('[data-part]').querySelector(`${kind}[data-filter]`)?.value || '');
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const item of list.children) {
    item.hidden = !words.every((word) => item.dataset.text.includes(word)) ||
      (category !== '' && item.dataset.category !== category);
    shown += item.hidden ? 0 : 1;
  }
  byId(`${list.id}-none`).hidden = shown > 0;
}

// --- news ----------------------------------------------------------------------------------------------------------

// `lines`: numbers of history, which the message offers to take back.
function say(text, kind, lines = []) {
  const message = document.createElement('p');
  message.className = `message ${kind}`;
  message.textContent = text;
  if (lines.length > 0) {
    const undo = document.createElement('button');
    undo.type = 'button';
    undo.className = 'quiet';
    undo.textContent = 'Undo';
    undo.addEventListener('click', async () => {
      dismiss(message);
      for (const n of [...lines].sort((a, b) => b - a)) await post('/api/trueup/v1/undo', {n});
    });
    message.append(undo);
  }
  const close = document.createElement('button');
  close.type = 'button';
  close.className = 'quiet';
  close.setAttribute('aria-label', 'Close this message');
  close.textContent = '×';
  close.addEventListener('click', () => dismiss(message));
  message.append(close);
  byId('messages').append(message);
  while (byId('messages').children.length > 4) byId('messages').firstChild.remove();
  if (kind === 'good') setTimeout(() => leave(message), lines.length > 0 ? 12000 : 6000);
}

// What is below a message can be scrolled out from under it.
new ResizeObserver(([messages]) =>
  document.documentElement.style.setProperty('--messages', `${messages.contentRect.height}px`)).observe(byId('messages'));

function dismiss(message) {
  if (message.contains(document.activeElement)) byId('main').focus({preventScroll: true});
  message.remove();
}

// Not from under the hand of somebody who is about to use it.
function leave(message) {
  if (message.matches(':hover') || message.contains(document.activeElement)) setTimeout(() => leave(message), 3000);
  else message.remove();
}

function live(text) {
  byId('live').textContent = text;
}

let renewing = 0;
function renew() {
  clearTimeout(renewing);
  renewing = setTimeout(() => {
    tellOfEnded();
    for (const panel of panels()) {
      if (panel.dataset.state === 'ready' && !panel.hidden) load(panel, true);
      else panel.dataset.stale = 'yes';
    }
  }, 60);
}

let seen = `{"version": ${byId('main').dataset.version}}`; // what this page shows
const LISTEN_AGAIN = 5000; // after the display refused to be listened to
function listen() {
  const events = new EventSource('/api/trueup/v1/events');
  events.addEventListener('changed', (event) => {
    live('Live');
    const version = event.data;
    if (version !== seen || version === '{}') renew();
    seen = version;
  });
  events.addEventListener('error', () => {
    live('Not connected; trying again …');
    if (events.readyState === EventSource.CLOSED) setTimeout(listen, LISTEN_AGAIN); // the browser would not
  });
}
listen();
for (const panel of panels()) if (panel.dataset.state === 'ready') told.set(panel, panel.innerHTML);
localTimes(document);
performance.mark('interactive');
