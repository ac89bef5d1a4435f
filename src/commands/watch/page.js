// Loads the report again when it was made anew, and shows what is wrong when it could not be.
const at = (id) => document.getElementById(id);
let shown = "html";
let known = {};

function choose(kind) {
  shown = kind;
  at("html").setAttribute("aria-pressed", String(kind === "html"));
  at("pdf").setAttribute("aria-pressed", String(kind === "pdf"));
  at("report").src = "/report." + kind;
}

function load() {
  // The page keeps its place when it is loaded again; a PDF viewer has to be pointed at the file anew.
  if (shown === "html") at("report").contentWindow.location.reload();
  else at("report").src = "/report.pdf?" + known.pdf;
}

at("html").addEventListener("click", () => choose("html"));
at("pdf").addEventListener("click", () => choose("pdf"));

const events = new EventSource("/events");
events.onmessage = (event) => {
  const now = JSON.parse(event.data);
  at("problems").textContent = now.problems;
  at("problems").hidden = now.problems === "";
  at("state").textContent = now.problems ? "errors; the last good report stays" : now.html === null ? "being made" : "up to date";
  if (now[shown] !== known[shown] && now[shown] !== null) {
    known = now;
    load();
  }
  known = now;
};
events.onerror = () => { at("state").textContent = "cloudraci was stopped"; };
