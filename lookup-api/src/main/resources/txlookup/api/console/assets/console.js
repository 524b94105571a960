'use strict';
(() => {
  const KEPT = 12;
  const KEY = 'txlookup.recent';
  const OWNER = 'txlookup.person';
  const language = document.documentElement.lang;
  const clock = new Intl.DateTimeFormat(language, {dateStyle: 'short', timeStyle: 'medium', hourCycle: 'h23'});
  const zone = new Intl.DateTimeFormat(language, {timeZoneName: 'short'});

  // The viewer's own time beside UTC; nothing where they are the same.
  function ownTimes(root) {
    for (const time of root.querySelectorAll('time[datetime]:not([data-own])')) {
      time.dataset.own = '';
      const at = new Date(time.dateTime);
      if (Number.isNaN(at.getTime()) || at.getTimezoneOffset() === 0) {
        continue;
      }
      const own = document.createElement('span');
      own.className = 'own';
      own.textContent = clock.format(at) + ' ' + (zone.formatToParts(at).find(part => part.type === 'timeZoneName') || {value: ''}).value;
      time.append(' ', own);
    }
  }

  function read() {
    try {
      const stored = JSON.parse(localStorage.getItem(KEY) || '[]');
      return Array.isArray(stored) ? stored.filter(one => one && typeof one.id === 'string' && /^\/(tx|orders|wallets)\//.test(one.path)) : [];
    } catch (ignored) {
      return []; // storage is off, or holds something else: then there are no recent lookups
    }
  }

  function write(recent) {
    try {
      localStorage.setItem(KEY, JSON.stringify(recent));
    } catch (ignored) {
      // storage is off or full: nothing is remembered
    }
  }

  function remember() {
    const seen = document.querySelector('[data-recent]');
    if (seen && !document.querySelector('.band.NOT_FOUND')) {
      const one = {id: seen.dataset.recent, kind: seen.dataset.recentKind, path: location.pathname};
      write([one, ...read().filter(other => other.path !== one.path)].slice(0, KEPT));
    }
  }

  function showRecent() {
    const section = document.getElementById('recent');
    if (!section) {
      return;
    }
    const recent = read();
    const list = section.querySelector('ul');
    list.replaceChildren(...recent.map(one => {
      const item = document.createElement('li');
      const kind = document.createElement('span');
      kind.className = 'kind';
      kind.textContent = one.kind;
      const link = document.createElement('a');
      link.href = one.path;
      const code = document.createElement('code');
      code.textContent = one.id;
      link.append(code);
      item.append(kind, ' ', link);
      return item;
    }));
    section.hidden = recent.length === 0;
  }

  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
    } catch (refused) {
      // Without https there is no clipboard for scripts but through a selection.
      const area = document.createElement('textarea');
      area.value = text;
      area.className = 'unseen';
      document.body.append(area);
      area.select();
      document.execCommand('copy');
      area.remove();
    }
    const said = document.getElementById('said');
    said.textContent = '';
    requestAnimationFrame(() => { said.textContent = said.dataset.copied; });
  }

  // What one person looked up is not shown to the next one at the same browser.
  function forgetOthers() {
    const person = document.body.dataset.person;
    try {
      const left = document.querySelector('[data-signed-out]');
      const other = person !== undefined && localStorage.getItem(OWNER) !== person;
      if (left || other) {
        localStorage.removeItem(KEY);
      }
      if (other) {
        localStorage.setItem(OWNER, person);
      }
    } catch (ignored) {
      // storage is off: nothing is remembered
    }
  }

  document.addEventListener('click', event => {
    const button = event.target.closest('button');
    if (!button) {
      return;
    }
    if (button.dataset.copy !== undefined) {
      copy(button.dataset.copy);
    } else if (button.dataset.copyAddress !== undefined) {
      copy(location.href);
    } else if (button.dataset.keys !== undefined) {
      showKeys();
      return;
    } else if (button.id === 'forget') {
      write([]);
      showRecent();
      return;
    } else {
      return;
    }
    button.classList.add('done');
    setTimeout(() => button.classList.remove('done'), 1200);
  });

  // The first link of each row that there is now: a page may have changed since it was loaded.
  const rows = () => [...document.querySelectorAll('main tbody tr, main .hits li, main .facts li, #recent li')]
    .map(row => row.querySelector('a[href]')).filter(link => link && link.offsetParent !== null);

  function move(step) {
    const links = rows();
    const here = links.findIndex(link => link === document.activeElement);
    const next = here < 0 ? (step > 0 ? 0 : links.length - 1) : here + step;
    if (links[next]) {
      links[next].focus();
      links[next].scrollIntoView({block: 'nearest'});
    }
  }

  function copyId() {
    const links = rows();
    const row = links.find(link => link === document.activeElement);
    const page = document.querySelector('[data-recent]');
    if (row || page) {
      copy(row ? row.textContent.trim() : page.dataset.recent);
    }
  }

  function showKeys() {
    const keys = document.getElementById('keys');
    if (keys && !keys.open) {
      keys.showModal();
    }
  }

  const PAGES = {l: '/', o: '/open-pairs', d: '/dead-letters', p: '/pipeline', r: '/rebuilds', a: '/audit', m: '/me'};
  const GO_WITHIN = 1500;
  let goUntil = 0;

  const ACTS = {
    '/': () => {
      const box = document.getElementById('q');
      box.focus();
      box.select();
    },
    '?': showKeys,
    j: () => move(1),
    k: () => move(-1),
    o: () => (rows().find(link => link === document.activeElement) || rows()[0])?.click(),
    c: copyId,
    g: () => { goUntil = Date.now() + GO_WITHIN; },
  };

  document.addEventListener('keydown', event => {
    const keys = document.getElementById('keys');
    const typing = event.target.closest('input, textarea, select, [contenteditable]');
    if (!keys || keys.open || typing || event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    const going = Date.now() < goUntil;
    goUntil = 0;
    if (going && Object.hasOwn(PAGES, event.key)) {
      event.preventDefault();
      location.href = PAGES[event.key];
    } else if (Object.hasOwn(ACTS, event.key)) {
      event.preventDefault();
      ACTS[event.key]();
    }
  });

  function follow() {
    const panel = document.querySelector('[data-stream]');
    if (!panel) {
      return;
    }
    const lost = document.getElementById('lost');
    const stream = new EventSource(panel.dataset.stream);
    stream.addEventListener('panel', event => {
      panel.innerHTML = event.data; // rendered and escaped by the server
      ownTimes(panel);
      lost.textContent = '';
    });
    stream.addEventListener('error', () => {
      lost.textContent = panel.dataset.lost;
      if (stream.readyState === EventSource.CLOSED) {
        location.reload(); // it was refused: the session has ended, and the page says where to sign in
      }
    });
    window.addEventListener('pagehide', () => stream.close());
  }

  document.addEventListener('htmx:afterSettle', () => ownTimes(document));
  ownTimes(document);
  forgetOthers();
  remember();
  showRecent();
  follow();
})();
