// The settings of one plugin: what was changed in the form is sent, and nothing else; what the display does not allow is
// told at its field. No markup is made from data here.
'use strict';

const form = document.getElementById('settings');
const outcome = document.getElementById('outcome');

// --- values --------------------------------------------------------------------------------------------------------

const inputs = (field) => [...field.querySelectorAll('input:not([data-clear]):not([data-upload]), select, textarea')];
const shows = (field) => JSON.stringify(inputs(field).map((one) => one.type === 'checkbox' ? one.checked : one.value));
const path = (element) => JSON.parse(element.dataset.path);
const EMPTY = Symbol('nothing');

// A number keeps its spelling; what is none is sent as text, and refused there with the reason.
const number = (text) => text.trim() === '' ? EMPTY : Number.isFinite(Number(text)) ? Number(text) : text;
const json = (text) => {
  if (text.trim() === '') return EMPTY;
  try { return JSON.parse(text); } catch { return text; }
};
const rgb = (color) => [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16));

function valueOf(field) {
  const [input] = inputs(field);
  switch (field.dataset.kind) {
    case 'toggle': return input.checked;
    case 'number': return number(input.value);
    case 'json': case 'secret-json': return json(input.value);
    case 'choice': return input.value === '' ? EMPTY : JSON.parse(input.value);
    case 'choices': return inputs(field).filter((one) => one.checked).map((one) => JSON.parse(one.value));
    case 'lines': return input.value.split('\n').map((one) => one.trim()).filter(Boolean);
    case 'rgb': return rgb(input.value);
    case 'secret': return input.value === '' ? EMPTY : input.value;
    default: return input.value;
  }
}

function put(root, keys, value) {
  let at = root;
  for (const key of keys.slice(0, -1)) at = Object.hasOwn(at, key) ? at[key] : (at[key] = {});
  at[keys.at(-1)] = value;
}

// An element of a list as it stands in the form; a secret that is left blank comes back blank, which keeps it.
function element(item, depth) {
  const whole = {};
  for (const field of item.querySelectorAll('[data-field], [data-list]')) {
    const list = field.parentElement.closest('[data-list]');
    if (list !== item.closest('[data-list]')) continue; // inside a list of its own
    const keys = path(field).slice(depth);
    if (field.matches('[data-list]')) {
      put(whole, keys, elements(field));
      continue;
    }
    const value = valueOf(field);
    if (value !== EMPTY) put(whole, keys, value);
    else if (field.dataset.kind.startsWith('secret') && field.querySelector('input').placeholder.startsWith('is set')) put(whole, keys, '');
  }
  return whole;
}
const itemsOf = (list) => [...list.querySelector('[data-items]').children];
const elements = (list) => itemsOf(list).map((item) => element(item, path(list).length + 1));

const outer = (selector) => [...form.querySelectorAll(selector)].filter((one) => !one.parentElement.closest('[data-list]'));

// What the display sent, whenever this script came: somebody may have typed already. In the browser's own spelling.
function served(input) {
  if (input.type === 'checkbox') return input.defaultChecked;
  if (input.localName === 'select') return ([...input.options].find((one) => one.defaultSelected) || input.options[0] || {value: ''}).value;
  if (input.localName === 'textarea') return input.defaultValue;
  const plain = document.createElement('input');
  plain.type = input.type;
  plain.value = input.defaultValue;
  return plain.value;
}
const isChanged = (field) => shows(field) !== JSON.stringify(inputs(field).map(served));
let items = new Map(); // of each list, as they were sent
const remember = () => { items = new Map(outer('[data-list]').map((list) => [list, itemsOf(list)])); };
const isListChanged = (list) => {
  const [old, now] = [items.get(list), itemsOf(list)];
  return old.length !== now.length || old.some((one, at) => one !== now[at]) ||
    [...list.querySelectorAll('[data-list]')].some((one) => one.dataset.touched) ||
    [...list.querySelectorAll('[data-field]')].some(isChanged);
};

function changes() {
  const config = {};
  const clear = [];
  let count = 0;
  for (const field of outer('[data-field]')) {
    const unwanted = field.querySelector('[data-clear]');
    if (unwanted && unwanted.checked) {
      clear.push(field.dataset.name);
      ++count;
      continue;
    }
    if (!isChanged(field)) continue;
    const value = valueOf(field);
    if (value !== EMPTY) put(config, path(field), value);
    else if (!field.dataset.kind.startsWith('secret')) clear.push(field.dataset.name);
    else continue;
    ++count;
  }
  for (const list of outer('[data-list]')) {
    if (!isListChanged(list)) continue;
    put(config, path(list), elements(list));
    ++count;
  }
  return {count, body: {plugin_id: form.dataset.plugin, config, clear}};
}

// --- telling -------------------------------------------------------------------------------------------------------

function tell(text, kind) {
  const notice = document.createElement('p');
  notice.className = `notice ${kind}`;
  notice.textContent = text;
  outcome.replaceChildren(notice);
}

function forget() {
  outcome.replaceChildren();
  for (const error of form.querySelectorAll('.error')) {
    error.hidden = true;
    error.textContent = '';
  }
  for (const input of form.querySelectorAll('[aria-invalid]')) input.removeAttribute('aria-invalid');
}

// "location.city: must ..." stands at the field of that name, or at the nearest one around it.
function tellAtField(line) {
  const colon = line.indexOf(': ');
  let name = line.slice(0, colon);
  while (name) {
    const place = [...form.querySelectorAll('[data-name]')].find((one) => one.dataset.name === name);
    if (place) {
      const error = place.matches('[data-field]') ? place.querySelector('.error') : [...place.children].find((one) => one.matches('.error'));
      error.textContent = `${error.textContent ? `${error.textContent}; ` : ''}${line.slice(colon + 2)}`;
      error.hidden = false;
      for (let folded = place.closest('details'); folded; folded = folded.parentElement.closest('details')) folded.open = true;
      const [input] = inputs(place);
      if (input) input.setAttribute('aria-invalid', 'true');
      return input || null;
    }
    name = name.includes('.') ? name.slice(0, name.lastIndexOf('.')) : '';
  }
  return undefined;
}

async function send(address, body, button) {
  if (button.getAttribute('aria-busy') === 'true') return;
  button.setAttribute('aria-busy', 'true');
  forget();
  try {
    const response = await fetch(address, {method: 'POST', headers: {'Content-Type': 'application/json'}, body: JSON.stringify(body)});
    if (response.status === 401) return location.assign('/login');
    const answer = await response.json().catch(() => ({}));
    if (response.ok) return reload(answer);
    const lines = (answer.context && answer.context.validation_errors) || [];
    const places = lines.map((line) => [tellAtField(line), line]);
    const homeless = places.filter(([place]) => place === undefined).map(([, line]) => line);
    const first = places.find(([place]) => place);
    tell([lines.length ? 'Nothing was changed: see the marked fields.' : answer.message || `the display answered ${response.status}`,
      ...homeless].join(' '), 'bad');
    if (first) first[0].focus();
  } catch {
    tell('The display does not answer; nothing is known to have changed.', 'bad');
  } finally {
    button.removeAttribute('aria-busy');
  }
}

// What the display now has is shown, not what was typed.
async function reload(answer) {
  const response = await fetch(location.pathname, {cache: 'no-store'});
  const fresh = new DOMParser().parseFromString(await response.text(), 'text/html');
  const wanted = fresh.getElementById('settings');
  if (response.ok && wanted) {
    const isBar = (one) => one.classList && one.classList.contains('save');
    for (const old of [...form.childNodes]) if (!isBar(old)) old.remove();
    form.prepend(...[...wanted.childNodes].filter((one) => !isBar(one)).map((one) => document.importNode(one, true)));
    remember();
  }
  const notes = (answer.notes || []).filter((note) => !note.startsWith('changed: '));
  tell([`${answer.message || 'Saved'}.`, ...notes].join(' '), 'good');
  outcome.focus();
}

// --- actions -------------------------------------------------------------------------------------------------------

form.addEventListener('submit', (event) => {
  event.preventDefault();
  const {count, body} = changes();
  if (count === 0) return tell('Nothing was changed in the form.', 'good');
  send('/api/v3/plugins/config', body, document.getElementById('save'));
});

form.addEventListener('click', (event) => {
  const drop = event.target.closest('[data-drop]');
  const more = event.target.closest('[data-more]');
  if (drop) {
    const list = drop.closest('[data-list]');
    drop.closest('[data-item]').remove();
    renumber(list);
    (list.querySelector('[data-more]') || document.getElementById('save')).focus();
  } else if (more) {
    const list = more.closest('[data-list]');
    const item = document.importNode(list.querySelector('template').content.firstElementChild, true);
    const mark = `new-${list.querySelectorAll('[data-item]').length}-${Date.now()}`;
    for (const one of item.querySelectorAll('[id], [for], [aria-describedby]')) {
      for (const name of ['id', 'for', 'aria-describedby']) {
        if (one.hasAttribute(name)) one.setAttribute(name, one.getAttribute(name).split(' ').map((id) => `${id}-${mark}`).join(' '));
      }
    }
    list.querySelector('[data-items]').append(item);
    renumber(list);
    const [input] = inputs(item);
    if (input) input.focus();
  }
});
const renumber = (list) => {
  list.dataset.touched = 'yes';
  itemsOf(list).forEach((item, at) => { item.querySelector('legend').textContent = String(at + 1); });
};

// --- pictures ------------------------------------------------------------------------------------------------------

// A picture is on the display as soon as it was sent; which setting names it is saved like any other, and what else was
// typed stays as it is.
form.addEventListener('change', (event) => {
  if (event.target.matches('[data-upload]') && event.target.files.length > 0) upload(event.target);
});

async function upload(input) {
  if (input.getAttribute('aria-busy') === 'true') return;
  const place = input.closest('[data-field], [data-list]');
  const said = input.closest('p').nextElementSibling;
  const error = [...place.children].find((one) => one.matches('.error'));
  const body = new FormData();
  body.append('plugin_id', form.dataset.plugin);
  for (const file of input.files) body.append('files', file);
  input.setAttribute('aria-busy', 'true');
  said.textContent = 'It is being sent …';
  error.hidden = true;
  error.textContent = '';
  const fail = (text) => {
    said.textContent = '';
    error.textContent = text;
    error.hidden = false;
  };
  try {
    const response = await fetch('/api/v3/plugins/assets/upload', {method: 'POST', body});
    if (response.status === 401) return location.assign('/login');
    const answer = await response.json().catch(() => ({}));
    if (!response.ok) return fail(answer.message || `the display answered ${response.status}`);
    for (const file of answer.uploaded_files || []) take(place, file);
    said.textContent = `${answer.message || 'It is there'}. Save makes the settings name it.`;
  } catch {
    fail('The display does not answer; nothing is known to have been uploaded.');
  } finally {
    input.removeAttribute('aria-busy');
    input.value = '';
  }
}

function take(place, file) {
  if (place.matches('[data-list]')) {
    place.querySelector('[data-more]').click();
    for (const field of itemsOf(place).at(-1).querySelectorAll('[data-field]')) {
      const key = path(field).at(-1);
      if (Object.hasOwn(file, key)) inputs(field)[0].value = file[key];
    }
    return;
  }
  const [input] = inputs(place);
  if (place.dataset.kind === 'lines') input.value = [...input.value.split('\n').filter(Boolean), file.path].join('\n');
  else input.value = file.path;
}

form.addEventListener('click', async (event) => {
  const button = event.target.closest('[data-picture]');
  if (!button || button.getAttribute('aria-busy') === 'true') return;
  button.setAttribute('aria-busy', 'true');
  forget();
  try {
    const response = await fetch('/api/v3/plugins/assets/delete', {method: 'POST', headers: {'Content-Type': 'application/json'},
      body: JSON.stringify({plugin_id: form.dataset.plugin, image_id: button.dataset.picture})});
    if (response.status === 401) return location.assign('/login');
    const answer = await response.json().catch(() => ({}));
    tell(answer.message || `the display answered ${response.status}`, response.ok ? 'good' : 'bad');
    if (response.ok) button.closest('li').remove();
    outcome.focus();
  } catch {
    tell('The display does not answer; nothing is known to have changed.', 'bad');
  } finally {
    button.removeAttribute('aria-busy');
  }
});

const sure = document.getElementById('sure');
const reset = document.getElementById('reset');
reset.addEventListener('click', () => { sure.returnValue = ''; sure.showModal(); });
sure.addEventListener('close', () => {
  if (sure.returnValue === 'reset') send('/api/v3/plugins/config/reset', {plugin_id: form.dataset.plugin}, reset);
});
window.addEventListener('beforeunload', (event) => { if (changes().count > 0) event.preventDefault(); });

remember();
