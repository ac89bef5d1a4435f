// What can be done with the HTML report in a browser: filter, search, sort, collapse, and links to each of it.
// Everything is read from the page itself; docs/html.md says what it looks for. Nothing is fetched, stored or evaluated,
// and no text becomes markup: only textContent and attributes are set. Without this file the page is a plain document.
"use strict";
(() => {
  let FIELDS = ["q", "party", "letter", "service", "environment", "account", "requirement", "control", "type", "state"];
  // Those that a page has only where there is anything to choose.
  const OPTIONAL = ["environment", "account", "requirement"];
  const RANKS = ["high", "medium", "low", "not met", "unknown", "excepted", "attested", "met", "inherited", "stale", "unverified", "later", "fresh"];
  const LETTERS = new Set(["A/R", "A", "R", "C", "I"]);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const one = (selector, within = document) => within.querySelector(selector);
  const words = (element) => (element ? element.textContent.replace(/\s+/g, " ").trim() : "");
  const make = (tag, attributes) => {
    const element = document.createElement(tag);
    for (const name in attributes) element.setAttribute(name, attributes[name]);
    return element;
  };

  let main, tools, fields, sites, rows, blocks, sections, entries, counted, total, promised, findings, found;
  let active = {};
  let anchor = "";

  // ---------------------------------------------------------------------------------- what the page says

  // What an option of a field is called, to its value.
  function names(field) {
    const known = new Map();
    for (const option of fields[field].options) {
      if (!option.value) continue;
      known.set(words(option), option.value);
      if (option.dataset.short) known.set(option.dataset.short, option.value);
    }
    return known;
  }

  // What an activity is, without the deployments that its first row is about, and without what shows it there.
  function activity(cell) {
    const nodes = [...(one(".activity", cell) || cell).childNodes];
    if (!nodes.some((node) => node.nodeName === "STRONG")) return nodes.map((node) => node.textContent).join(" ");
    const shown = nodes.findIndex((node) => node.nodeName === "EM" && /^(Shown|At hand|No longer shown)/.test(node.textContent));
    const own = nodes.slice(0, shown < 0 ? nodes.length : shown).filter((node) => node.nodeName !== "STRONG" && !/^\(of these/.test(node.textContent));
    return own.map((node) => node.textContent).join(" ");
  }

  // Services by their label in the head of the matrix; one without its mode names all of its modes.
  function services() {
    const labels = all(".matrix thead a").map((link) => [words(link), decodeURIComponent(link.hash.slice(1))]);
    return (label) => {
      const exact = labels.filter(([name]) => name === label);
      const found = exact.length ? exact : labels.filter(([name]) => name.startsWith(label + " "));
      return found.map(([, id]) => id);
    };
  }

  // Where rows hold: on a service, in environments and accounts, and on resources, with all that the search finds there.
  function placed() {
    const template = document.getElementById("page:places");
    if (!template) return [];
    const values = (name) => (fields[name] ? [...fields[name].options].slice(1) : []);
    const resources = all("ul > li", template.content).map((item) => item.textContent);
    const chosen = (numbers, list) => numbers.split(" ").filter(Boolean).flatMap((run) => {
      const [first, last = first] = run.split("-").map(Number);
      return list.slice(first, last + 1);
    });
    const services = values("service");
    return all("ol > li", template.content).map((item) => {
      const [service, ...lists] = item.textContent.split(";");
      const [environments, accounts] = ["environment", "account"].map((name, at) => chosen(lists[at], values(name)));
      const names = chosen(lists[2], resources);
      return {
        service: services[service]?.value,
        environments: environments.map((option) => option.value),
        accounts: accounts.map((option) => option.value),
        names,
        text: [...environments, ...accounts].map(words).concat(names).join(" ").toLowerCase(),
      };
    });
  }

  // How many duties or commitments a row stands for, and where.
  function counts(row, number, on) {
    row.number = Number(number) || 0;
    if (!on) return;
    row.on = on.split(" ").map((pair) => pair.split(":")).map(([at, count = 1]) => [sites[at], Number(count)]);
  }

  // The requirements that a row answers, each with how many of its duties or commitments do; none where nothing is said.
  function answers(row, said) {
    const options = fields.requirement ? [...fields.requirement.options].slice(1) : [];
    const pairs = (said || "").split(" ").filter(Boolean).map((pair) => pair.split(":"));
    row.answers = new Map(pairs.map(([at, count]) => [options[at].value, count === undefined ? row.number : Number(count)]));
  }

  // Of them, those at some of its places and for a requirement; a part that stands for many services has all of them.
  function numberOn(row, at, requirement) {
    const on = at && at.length ? at.reduce((sum, [, count]) => sum + count, 0) : row.number;
    return requirement && row.answers ? Math.min(on, row.answers.get(requirement) || 0) : on;
  }

  // What a card or a row of a finding says of it: where it belongs, and who holds it.
  function finding(row, { dataset }) {
    row.finding = dataset.finding;
    row.control = dataset.control || "";
    answers(row, dataset.requirements);
    // A finding is in the state of its duty.
    row.states = dataset.state ? [dataset.state.replace("-", " ")] : [];
    row.services = [...fields.service.options].filter((option) => option.dataset.key && option.dataset.key === dataset.service).map((option) => option.value);
    row.holds = (dataset.holders || "").split(" ").filter(Boolean).map((holder) => holder.split("="));
    const accounts = (dataset.accounts || "").split(" ");
    row.on = [[{ environments: [dataset.environment], accounts, names: [], text: accounts.join(" ") }, 1]];
  }

  // What a row that names its duty is about: `rds/custom-oracle:rds.backup.customer.retention@prod`, below a band that says
  // `Backup: A Platform, R Northwind → A/R Platform`.
  function duty(row, id, title, party) {
    const [key, activity] = id.includes(":") ? id.split(":") : [id.split(".")[0], id];
    row.duty = true;
    row.control = activity.split(".")[1] || "";
    row.services.push(...[...fields.service.options].filter((option) => option.dataset.key === key).map((option) => option.value));
    for (const held of title.slice(title.indexOf(": ") + 2).split(/, | → /)) {
      const [letters, ...short] = held.split(" ");
      if (LETTERS.has(letters)) row.holds.push([party.get(short.join(" ")), letters]);
    }
  }

  function read() {
    const party = names("party"), control = names("control"), serviceOf = services();
    const known = new Set(names("service").values());
    sites = placed();
    // `EC2, S3 (prod) ×4; KMS (Imported key material)`: a service may have a mode in brackets, behind it stands where on it.
    const place = (text) => {
      const exact = serviceOf(text);
      return exact.length ? exact : serviceOf(text.replace(/ \([^()]*\)$/, ""));
    };
    // Without tables of services, what moves and what stays are the duties of a document.
    const isListed = !one(".raci", main);
    const places = (text) => text.split(/[,;] /).flatMap((part) => place(part.replace(/ ×[\d,]+$/, "")));
    rows = [];
    for (const section of all("section", main)) {
      const heading = one(":scope > :is(h2, h3, h4, h5, h6)", section);
      if (!heading) continue;
      section.heading = heading;
      section.title = "";
      const name = words(heading);
      for (const table of all(".table", section)) {
        if (table.closest("section") !== section || table.classList.contains("data-only")) continue;
        const heads = all("thead :is(th, td)", table).map(words);
        const at = (head) => heads.indexOf(head);
        const holding = new Map();
        for (const body of all("tbody", table)) {
          const band = one(":scope > .band", body);
          const title = band ? words(one("strong", band)) || words(band) : "";
          let above = "";
          for (const element of all(":scope > tr:not(.band)", body)) {
            const cells = [...element.cells];
            const cell = (head) => cells[at(head)];
            const raci = table.classList.contains("raci");
            const row = { element, section, table, body, holds: [], services: [], states: [] };
            row.order = rows.length;
            row.control = body.dataset.control || control.get(title || words(cell("Control"))) || "";
            row.type = body.dataset.type || "";
            counts(row, element.dataset.duties, element.dataset.on);
            answers(row, element.dataset.requirements);
            if (table.classList.contains("requirements")) {
              const group = all("optgroup", fields.requirement || tools).find((group) => group.label === name);
              const numbers = all(":scope > :first-child strong", element).map(words);
              const own = group ? [...group.children].filter((option) => numbers.includes(option.dataset.short)) : [];
              for (const option of own) row.answers.set(option.value, 0);
            }
            row.counted = raci;
            // A table of terms tells what states mean, and is in none.
            row.states = table.classList.contains("terms") ? [] : all("code", element).map(words).filter((text) => RANKS.includes(text));
            if (raci) {
              cells.forEach((held, position) => {
                const letters = words(held);
                if (LETTERS.has(letters)) row.holds.push([party.get(heads[position]), letters]);
              });
              // A row of further deployments belongs to the activity above it; where that one holds, and what shows it there, is
              // not said of this one.
              if (element.classList.contains("deployment")) row.text = above;
              else above = activity(element.cells[0]);
            } else {
              // `Platform` beside others, or `Platform 31: 19 unknown` on a line of its own.
              const lines = cell("Accountable") ? [...cell("Accountable").childNodes] : [];
              const answering = lines.map((line) => (line.nodeName === "BR" ? ", " : line.textContent.replace(/\u00a0/g, " "))).join("");
              for (const short of answering.split(", ").map((name) => name.trim().replace(/ [\d,]+:.*$/, ""))) {
                if (party.has(short)) row.holds.push([party.get(short), "A"]);
              }
              for (const head of ["Holders", "Owner, due", "Who, until when", "Before", "After"]) {
                for (const held of words(cell(head)).split(", ")) {
                  const [letters, ...short] = held.split(" ");
                  if (LETTERS.has(letters)) row.holds.push([party.get(short.join(" ")), letters]);
                }
              }
              // A requirement that is like an earlier one is held as that one is.
              const like = answering.trim().match(/^as (.+)$/);
              if (like) row.holds.push(...(holding.get(like[1]) || []));
              holding.set(words(one("strong", element)), [...row.holds]);
              // `Platform A/R 48`, a line a party.
              const who = cell("Who") ? [...cell("Who").childNodes].map((node) => (node.nodeName === "BR" ? "\n" : node.textContent)).join("") : "";
              for (const line of who.replace(/\u00a0/g, " ").split("\n")) {
                const held = line.trim().match(/^(.+?)((?:,? (?:A\/R|A|R) [\d,]+)+)$/);
                for (const [, letters] of held ? held[2].matchAll(/(A\/R|A|R) /g) : []) {
                  if (party.has(held[1])) row.holds.push([party.get(held[1]), letters]);
                }
              }
              if (/ unknown$/.test(words(cell("Open")))) row.states.push("unknown");
              const letters = all("code", element).map(words).find((text) => LETTERS.has(text));
              if (letters && party.has(name)) row.holds.push([party.get(name), letters]);
              const where = words(cell("Where")).split(", ").pop();
              row.control ||= control.get(where) || "";
            }
            row.services = [heading.id].concat(
              all('a[href^="#"]', element).map((link) => decodeURIComponent(link.hash.slice(1).split(":")[0])),
              places(words(cell("On"))),
              all("strong", element).flatMap((strong) => words(strong).split(", ")).flatMap(serviceOf),
            ).filter((id) => known.has(id));
            if (element.dataset.finding) finding(row, element);
            if (table.matches(".moves, .stays") && isListed && element.id) duty(row, element.id, title, party);
            row.counted = row.counted || Boolean(row.duty);
            row.text = [name, title, row.text || "", words(element)].join(" ").toLowerCase();
            rows.push(row);
          }
        }
      }
    }
    // What the provider does, control by control.
    for (const element of all(".commitments > li", main)) {
      const section = element.closest("section");
      const heading = section && one(":scope > :is(h2, h3, h4, h5, h6)", section);
      const own = element.dataset.party, first = one('option[data-kind="provider"]', fields.party);
      const provider = own ? [...fields.party.options].find((option) => option.value === own) : first;
      const row = { element, section, control: element.dataset.control, type: element.dataset.type, states: ["inherited"] };
      row.holds = provider ? [[provider.value, "A/R"]] : [];
      row.services = heading ? [heading.id].filter((id) => known.has(id)) : [];
      row.text = (words(heading) + " " + words(element)).toLowerCase();
      counts(row, element.dataset.commitments, element.dataset.on);
      answers(row, element.dataset.requirements);
      row.promised = true;
      rows.push(row);
    }
    for (const element of all(".finding", main)) {
      const row = { element, section: element.closest("section"), states: [], text: words(element).toLowerCase() };
      finding(row, element);
      rows.push(row);
    }
    if (isListed) offered();
    total = rows.reduce((sum, row) => sum + (row.counted ? row.number : 0), 0);
    promised = rows.reduce((sum, row) => sum + (row.promised ? row.number : 0), 0);
    findings = new Set(rows.map((row) => row.finding).filter(Boolean)).size;
    // Headings that say how many findings there are below them.
    counted = all("h3", main).map((heading) => ({ heading, rows: rows.filter((row) => row.finding && row.section === heading.parentElement) })).filter((of) => of.rows.length);
    blocks = all("p, ul, ol, dl, figure, blockquote, pre", main).filter(
      (block) => !block.closest(".finding") && block.parentElement.matches("section, main, .wide, main > div:not(.tools)") && !block.matches(".said, .filtered-note, .commitments, .part"),
    );
    blocks = blocks.map((element) => ({
      element,
      text: (words(one(":is(h2, h3, h4, h5, h6)", element.closest("section") || main)) + " " + words(element)).toLowerCase(),
    }));
  }

  // ---------------------------------------------------------------------------------- filter and search

  // What no row of a document has is not offered to choose.
  function offered() {
    const has = {
      party: (row, value) => row.holds && row.holds.some(([party]) => party === value),
      letter: (row, value) => row.holds && row.holds.some(([, letters]) => letters.split("/").includes(value)),
      service: (row, value) => row.services && row.services.includes(value),
      control: (row, value) => row.control === value,
      type: (row, value) => row.type === value,
      state: (row, value) => row.states.includes(value),
      environment: (row, value) => (row.on || []).some(([place]) => place.environments.includes(value)),
      account: (row, value) => (row.on || []).some(([place]) => place.accounts.includes(value)),
    };
    for (const field of FIELDS.filter((name) => has[name])) {
      for (const option of fields[field].options) {
        if (option.value) option.hidden = option.disabled = !rows.some((row) => has[field](row, option.value));
      }
      const label = fields[field].closest("label");
      if (label) label.hidden = ![...fields[field].options].some((option) => option.value && !option.disabled);
    }
  }

  const filtered = () => FIELDS.some((name) => active[name]);

  function apply() {
    if (!rows) read();
    const on = filtered();
    const facets = FIELDS.some((name) => name !== "q" && active[name]);
    const wanted = (active.q || "").toLowerCase().split(/\s+/).filter(Boolean);
    const says = (text) => wanted.every((word) => text.includes(word));
    // A place answers what is chosen of service, environment and account, and with the row's text what is searched for.
    const isAt = (place) =>
      (!active.service || !place.service || place.service === active.service) &&
      (!active.environment || place.environments.includes(active.environment)) &&
      (!active.account || place.accounts.includes(active.account));
    const at = (row, isSaid) =>
      (row.on || []).filter(([place]) => isAt(place) && (isSaid || wanted.every((word) => place.text.includes(word) || row.text.includes(word))));
    // The number of a requirement, alone or behind its framework's name, finds what answers it, too.
    const typed = (active.q || "").trim().toLowerCase();
    const meant = (fields.requirement ? [...fields.requirement.options].slice(1) : [])
      .filter((option) => [option.value, option.dataset.short].some((name) => name && name.toLowerCase() === typed))
      .map((option) => option.value);
    const answered = (row) => (row.answers ? meant.find((requirement) => row.answers.has(requirement)) : undefined);
    const holds = ([party, letters]) =>
      (!active.party || party === active.party) && (!active.letter || letters.split("/").includes(active.letter));
    const fits = (row) =>
      (!active.service || row.services.includes(active.service) || (row.on || []).some(([place]) => place.service === active.service)) &&
      (!(active.environment || active.account) || (row.on || []).some(([place]) => isAt(place))) &&
      (!active.requirement || row.answers.has(active.requirement)) &&
      (!active.control || row.control === active.control) &&
      (!active.type || row.type === active.type) &&
      (!active.state || row.states.includes(active.state)) &&
      (!(active.party || active.letter) || row.holds.some(holds));
    const shown = new Set();
    const open = new Set();
    let duties = 0, commitments = 0, others = 0;
    const keep = (element) => {
      for (let at = element; at && at !== main; at = at.parentElement) shown.add(at);
    };
    let head = null;
    for (const row of rows) {
      const isSaid = says(row.text) || answered(row) !== undefined;
      const requirement = active.requirement || (says(row.text) ? "" : answered(row));
      // What stands in no row is found by where it holds, and says so.
      const here = at(row, isSaid);
      const fit = fits(row) && (isSaid || here.length > 0);
      tellFound(row, isSaid || !fit ? [] : here, wanted);
      row.element.hidden = !fit;
      row.element.classList.remove("context");
      const is_further = row.element.classList.contains("deployment");
      if (!is_further) head = row;
      if (!fit) continue;
      keep(row.element);
      for (const part of all("section", row.element)) shown.add(part);
      const number = numberOn(row, active.service || active.environment || active.account || !isSaid ? here : null, requirement);
      if (row.counted) duties += number;
      else if (row.promised) commitments += number;
      else if (row.finding) open.add(row.finding);
      else others += 1;
      // Deployments say nothing without the activity that they are of, which shows, but is not counted.
      if (is_further && head.element.hidden) {
        head.element.hidden = false;
        head.element.classList.add("context");
        keep(head.element);
      }
    }
    for (const block of blocks) {
      const here = !on || (!facets && says(block.text));
      block.element.hidden = !here;
      if (here) keep(block.element);
    }
    for (const element of all("section, tbody, .table, .wide, .commitments", main)) element.hidden = on && !shown.has(element);
    // What stands over a list or a table that is gone says nothing.
    for (const head of all(".part", main)) head.hidden = on && !!head.nextElementSibling && head.nextElementSibling.hidden;
    for (const { item, target } of entries) item.hidden = on && !!target && target.closest("[hidden]") !== null;
    for (const { heading, rows } of counted) {
      const left = rows.filter((row) => !row.element.hidden).length;
      if (left < rows.length) heading.dataset.shown = `${left} of ${rows.length} shown`;
      else delete heading.dataset.shown;
    }
    root.classList.toggle("filtered", on);
    tell(on, duties, commitments, open.size, others, shown.size > 0);
    mark(facets ? [] : wanted);
  }

  // Behind what was found by its resources stand their names.
  function tellFound(row, here, wanted) {
    const label = one(".activity", row.element) || (row.element.cells ? row.element.cells[0] : row.element);
    const searched = wanted.filter((word) => !row.text.includes(word));
    const found = new Set(here.flatMap(([place]) => place.names).filter((name) => searched.some((word) => name.toLowerCase().includes(word))));
    const few = [...found].slice(0, 3).join(", ") + (found.size > 3 ? ` and ${found.size - 3} more` : "");
    if (found.size) label.dataset.found = few;
    else delete label.dataset.found;
  }

  function tell(on, duties, commitments, open, others, isAny) {
    const count = (number, name) => `${number.toLocaleString("en")} ${name}${number === 1 ? "" : "s"}`;
    const parts = [];
    if (total) parts.push(`${duties.toLocaleString("en")} of ${total.toLocaleString("en")} duties`);
    if (promised) parts.push(`${commitments.toLocaleString("en")} of ${promised.toLocaleString("en")} commitments`);
    if (findings) parts.push(`${open.toLocaleString("en")} of ${count(findings, "finding")}`);
    if (others || !(total || findings)) parts.push(count(others, total || findings ? "other row" : "row"));
    one(".found", tools).textContent = on ? parts.join(", ") : "";
    const chosen = FIELDS.filter((name) => active[name]).map((name) => {
      const field = fields[name];
      return name === "q" ? `“${active.q}”` : words(field.selectedOptions[0]);
    });
    const note = one(".filtered-note", main);
    note.hidden = !on;
    note.textContent = on ? (isAny ? `A part of the report: ${chosen.join(" · ")}. ${parts.join(", ")}.` : `Nothing in this report fits: ${chosen.join(" · ")}.`) : "";
    note.classList.toggle("empty", on && !isAny);
    one('[data-do="clear"]', tools).hidden = !on;
    const number = FIELDS.filter((name) => name !== "q" && active[name]).length;
    one('[data-do="filters"]', tools).textContent = number ? `Filters (${number})` : "Filters";
  }

  // Marks the words that were searched for, without touching the document.
  function mark(wanted) {
    if (!window.CSS || !CSS.highlights) return;
    if (!found) {
      // Not in style.css, since validators do not know the rule yet.
      found = new CSSStyleSheet();
      found.replaceSync("::highlight(found) { background: var(--found); color: var(--ink) }");
      document.adoptedStyleSheets.push(found);
    }
    CSS.highlights.delete("found");
    if (!wanted.length) return;
    const ranges = [];
    const walker = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
    while (walker.nextNode() && ranges.length < 5000) {
      const node = walker.currentNode;
      const text = node.data.toLowerCase();
      if (text.length !== node.data.length || node.parentElement.closest("[hidden], .tools")) continue;
      for (const word of wanted) {
        for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length)) {
          const range = new Range();
          range.setStart(node, at);
          range.setEnd(node, at + word.length);
          ranges.push(range);
        }
      }
    }
    CSS.highlights.set("found", new Highlight(...ranges));
  }

  // ---------------------------------------------------------------------------------- the address

  const plain = (text) => {
    try { return decodeURIComponent(text); } catch { return text; }
  };

  function address(id, query) {
    const hash = (id ? encodeURI(id) : "") + (query ? "?" + query : "");
    return location.href.split("#")[0] + (hash ? "#" + hash : "");
  }

  function query() {
    const parameters = new URLSearchParams();
    for (const name of FIELDS) if (active[name]) parameters.set(name, active[name]);
    return parameters.toString();
  }

  const remember = () => history.replaceState(null, "", address(anchor, query()));

  function choose(choice) {
    active = {};
    for (const name of FIELDS) {
      const value = choice[name] || "";
      const field = fields[name];
      field.value = value;
      // What no option offers is no choice.
      if (value && field.value === value) active[name] = value;
    }
    // On a phone the fields would cover what they found.
    if (innerWidth > 640 && FIELDS.some((name) => name !== "q" && active[name])) open(true);
    apply();
  }

  // Follows the address: filters if it names any, else those that are on stay.
  function follow() {
    const hash = location.hash.slice(1);
    const cut = hash.indexOf("?");
    anchor = plain(cut < 0 ? hash : hash.slice(0, cut));
    if (cut >= 0) choose(Object.fromEntries(new URLSearchParams(hash.slice(cut + 1))));
    for (const old of all(".target")) old.classList.remove("target");
    const target = anchor && document.getElementById(anchor);
    if (target) {
      if (target.closest("[hidden]")) choose({});
      for (let at = target; at && at !== main; at = at.parentElement) if (at.matches("section")) fold(at, false);
      target.classList.add("target");
      target.scrollIntoView();
    } else if (filtered() && main.getBoundingClientRect().top < 0) main.scrollIntoView();
    if (filtered() && cut < 0) remember();
  }

  // ---------------------------------------------------------------------------------- tools

  let hush;
  function say(text) {
    const said = one(".said", main);
    said.textContent = text;
    clearTimeout(hush);
    hush = setTimeout(() => (said.textContent = ""), 2500);
  }

  async function copy(link) {
    try {
      await navigator.clipboard.writeText(link);
      say("Link copied");
    } catch {
      // Not allowed here: the address line has it.
      say("The link is in the address line");
      return false;
    }
    return true;
  }

  function open(shown) {
    one(".filters", tools).hidden = !shown;
    one('[data-do="filters"]', tools).setAttribute("aria-expanded", String(shown));
  }

  function fold(section, folded) {
    if (!section.button) return;
    section.classList.toggle("folded", folded);
    section.button.setAttribute("aria-expanded", String(!folded));
  }

  function foldable() {
    sections = all("section", main).filter((section) => one(":scope > :is(h2, h3)", section));
    for (const section of sections) {
      const heading = one(":scope > :is(h2, h3)", section);
      section.button = make("button", { type: "button", class: "fold", "aria-expanded": "true", "aria-label": `Show ${words(heading)}` });
      section.insertBefore(section.button, heading);
    }
  }

  // Sections keep their numbers when filters hide others.
  function numbered() {
    let chapter = 0, section = 0;
    for (const heading of all("h2, h3", main)) {
      if (heading.matches("h2")) [chapter, section] = [chapter + 1, 0];
      else section += 1;
      heading.dataset.number = section ? `${chapter}.${section}` : chapter;
    }
    for (const { link, target } of entries) if (target?.dataset.number) link.dataset.number = target.dataset.number;
  }

  function linkable() {
    const add = (place, what, target) => {
      if (target.id) place.append(make("button", { type: "button", class: "link", "data-to": target.id, "aria-label": `Copy link to this ${what}`, title: `Copy link to this ${what}`, "aria-describedby": target.id }));
    };
    for (const activity of all(".activity", main)) add(activity, "duty", activity);
    for (const element of all("[data-finding]", main)) add(element.matches("tr") ? element.cells[1] : one("h4, h5, h6", element), "finding", element);
  }

  function key(row, position) {
    const cell = row.cells[position];
    const text = words(cell);
    const rank = RANKS.indexOf(text);
    const number = /^-?[\d,]+(\.\d+)?%?$/.test(text) ? parseFloat(text.replace(/,/g, "")) : NaN;
    return { text, rank, number };
  }

  function compare(one, other) {
    if (one.rank >= 0 && other.rank >= 0) return one.rank - other.rank;
    if (!isNaN(one.number) && !isNaN(other.number)) return one.number - other.number;
    return one.text.localeCompare(other.text, "en", { numeric: true });
  }

  function sort(head) {
    const table = head.closest("table");
    const now = head.getAttribute("aria-sort");
    const next = now === "ascending" ? "descending" : now === "descending" ? null : "ascending";
    for (const other of all("[aria-sort]", table)) other.removeAttribute("aria-sort");
    if (next) head.setAttribute("aria-sort", next);
    for (const body of table.tBodies) {
      body.original ||= [...body.rows];
      const [band, list] = [body.original.filter((row) => row.matches(".band")), body.original.filter((row) => !row.matches(".band"))];
      const keyed = list.map((row) => [key(row, head.cellIndex), row]);
      if (next) keyed.sort(([a], [b]) => (next === "ascending" ? compare(a, b) : compare(b, a)));
      body.append(...band, ...keyed.map(([, row]) => row));
    }
  }

  function sortable() {
    for (const table of all(".table:not(.raci, .data-only, .sign-off, .scope, .terms, .dates) > table", main)) {
      const lists = [...table.tBodies].map((body) => [...body.rows].filter((row) => !row.matches(".band")));
      // A row that leaves its first cell to the row above cannot be moved.
      const tied = lists.some((list) => list.some((row) => !words(row.cells[0]) && row.cells.length > 2 && table.tHead.rows[0].cells[0].matches("th")));
      if (tied || Math.max(0, ...lists.map((list) => list.length)) < 3) continue;
      for (const head of all("thead th", table)) {
        const button = make("button", { type: "button", class: "sort" });
        if (one("a", head)) {
          button.setAttribute("aria-label", `Sort by ${words(head)}`);
          head.append(button);
        } else {
          button.append(...head.childNodes);
          head.append(button);
        }
      }
    }
  }

  // The matrix is one stop of the tabulator; arrows lead from cell to cell.
  function walkable() {
    for (const table of all(".matrix > table", main)) {
      const heads = [...table.tHead.rows[0].cells].map(words);
      const links = all("tbody a", table);
      links.forEach((link, position) => {
        const cell = link.closest("td");
        link.setAttribute("aria-label", `${words(link)}: ${words(cell.parentElement.cells[0])}, ${heads[cell.cellIndex]}`);
        link.tabIndex = position ? -1 : 0;
      });
      table.addEventListener("keydown", (event) => {
        const step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
        const cell = event.target.closest("tbody td");
        if (!step || !cell) return;
        const list = [...table.rows];
        let row = list.indexOf(cell.parentElement), column = cell.cellIndex, link = null;
        do {
          row += step[0];
          column += step[1];
          link = list[row]?.cells[column] && one("tbody a", list[row].cells[column]);
        } while (!link && list[row] && heads[column]);
        if (!link) return;
        event.preventDefault();
        for (const other of links) other.tabIndex = -1;
        link.tabIndex = 0;
        link.focus();
      });
    }
  }

  // The list of contents shows where the reader is.
  function watch() {
    const nav = one(".contents");
    if (!nav) return;
    let waiting = false;
    const look = () => {
      waiting = false;
      const line = tools.getBoundingClientRect().bottom + 60;
      let current = null;
      for (const entry of entries) {
        if (!entry.target || !entry.target.offsetParent) continue;
        if (entry.target.getBoundingClientRect().top > line) break;
        current = entry;
      }
      for (const { link } of entries) {
        if (current && link === current.link) link.setAttribute("aria-current", "true");
        else link.removeAttribute("aria-current");
      }
      if (current && nav.scrollHeight > nav.clientHeight) {
        const top = current.item.offsetTop - nav.clientHeight / 3;
        if (Math.abs(nav.scrollTop - top) > nav.clientHeight / 4) nav.scrollTop = top;
      }
    };
    addEventListener("scroll", () => {
      if (!waiting) requestAnimationFrame(look);
      waiting = true;
    }, { passive: true });
    look();
  }

  const root = document.documentElement;

  function start() {
    main = one("main");
    tools = one(".tools");
    if (!main || !tools) return;
    fields = Object.fromEntries(FIELDS.map((name) => [name, one(`[name="${name}"]`, tools)]));
    FIELDS = FIELDS.filter((name) => fields[name] || !OPTIONAL.includes(name));
    if (FIELDS.some((name) => !fields[name])) return;
    root.classList.add("js");
    tools.hidden = false;
    // A document of changes alone has nothing that the filters speak of.
    one('[data-do="filters"]', tools).hidden = !one(".table:not(.changes)", main);
    entries = all(".contents a").map((link) => ({ link, item: link.closest("li"), target: document.getElementById(plain(link.hash.slice(1))) }));
    read();
    numbered();
    foldable();
    linkable();
    sortable();
    walkable();
    const measure = () => root.style.setProperty("--bar", `${Math.ceil(tools.getBoundingClientRect().height)}px`);
    new ResizeObserver(measure).observe(tools);
    measure();

    let typing;
    tools.addEventListener("input", (event) => {
      clearTimeout(typing);
      typing = setTimeout(() => {
        choose(Object.fromEntries(FIELDS.map((name) => [name, fields[name].value.trim()])));
        anchor = "";
        remember();
        if (main.getBoundingClientRect().top < 0) main.scrollIntoView();
      }, event.target.name === "q" ? 150 : 0);
    });
    document.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (!button) return;
      const what = button.dataset.do;
      if (what === "filters") open(one(".filters", tools).hidden);
      else if (what === "clear") {
        choose({});
        remember();
        fields.q.focus();
      } else if (what === "share") copy(address(anchor, query()));
      else if (what === "fold") {
        const folded = button.textContent === "Collapse all";
        button.textContent = folded ? "Expand all" : "Collapse all";
        for (const section of sections) fold(section, folded && !one("section", section));
      } else if (button.matches(".fold")) fold(button.parentElement, button.getAttribute("aria-expanded") === "true");
      else if (button.matches(".sort")) sort(button.closest("th"));
      else if (button.matches(".link")) {
        anchor = button.dataset.to;
        remember();
        for (const old of all(".target")) old.classList.remove("target");
        document.getElementById(anchor).classList.add("target");
        copy(address(anchor, ""));
      }
    });
    document.addEventListener("keydown", (event) => {
      const typing = event.target.closest("input, select, textarea, [contenteditable]");
      if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey) {
        event.preventDefault();
        fields.q.focus();
      }
    });
    addEventListener("hashchange", follow);
    if (location.hash) follow();
    watch();
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
