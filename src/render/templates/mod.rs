//! Templates in their layers: command line over project over built-in.
//!
//! In: folders of overriding templates. Out: rendered Markdown, HTML and pictures, and the files that Typst reads. A
//! template that overrides another finds the original under `builtin/`, to extend it.

mod faults;
mod filters;
mod layer;
mod style;
mod view;

pub(super) use filters::register;
pub use layer::Layer;
pub(super) use view::Cover;
pub use view::View;

use super::escape;
use crate::catalog::TEMPLATES;
use crate::diagnostics::{Diagnostic, Outcome};
use faults::fault;
use layer::is_template;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};
use tera::{Context, Tera};

/// The style sheet of the HTML.
const STYLES: [&str; 2] = ["style.css", "site/style.css"];

/// All templates, each kind compiled when it is first needed: a run needs one of the two mostly, and `check` none.
#[derive(Debug)]
pub struct Templates {
    markdown: Engine,
    html: Engine,
    site: Engine,
    /// The texts of templates by their paths.
    texts: BTreeMap<String, Cow<'static, str>>,
    /// Every file of the layers by its path, for Typst and the style sheet.
    files: BTreeMap<String, Cow<'static, [u8]>>,
    /// The file that a template's text comes from, for diagnostics.
    origins: BTreeMap<String, Arc<str>>,
    /// Whether any layer lies over the built-in templates.
    overridden: bool,
}

/// What renders templates of one kind, or why it cannot.
type Engine = OnceLock<Outcome<Tera>>;

impl Templates {
    /// The built-in templates under the given layers, the strongest last. What lies in layers is compiled at once; the
    /// built-in templates are known to be well.
    ///
    /// # Errors
    /// Every template that does not compile.
    pub fn compile(layers: &[Layer]) -> Outcome<Self> {
        let mut files: BTreeMap<String, Cow<'static, [u8]>> = BTreeMap::new();
        let mut origins: BTreeMap<String, Arc<str>> = BTreeMap::new();
        let mut texts: BTreeMap<String, Cow<'static, str>> = BTreeMap::new();
        let overridden: BTreeSet<&str> = layers.iter().flat_map(|layer| layer.files.keys()).map(String::as_str).collect();
        for (name, text) in TEMPLATES {
            let origin: Arc<str> = format!("built-in {name}").into();
            if overridden.contains(name) && is_template(name) {
                texts.insert(format!("builtin/{name}"), Cow::Borrowed(text));
                files.insert(format!("builtin/{name}"), Cow::Borrowed(text.as_bytes()));
                origins.insert(format!("builtin/{name}"), origin.clone());
            }
            texts.insert((*name).to_owned(), Cow::Borrowed(text));
            files.insert((*name).to_owned(), Cow::Borrowed(text.as_bytes()));
            origins.insert((*name).to_owned(), origin);
        }
        for layer in layers {
            for (name, (shown, bytes)) in &layer.files {
                if let (true, Ok(text)) = (is_template(name), std::str::from_utf8(bytes)) {
                    texts.insert(name.clone(), Cow::Owned(text.to_owned()));
                }
                files.insert(name.clone(), Cow::Owned(bytes.clone()));
                origins.insert(name.clone(), shown.clone());
            }
        }
        let templates = Self {
            markdown: OnceLock::new(),
            html: OnceLock::new(),
            site: OnceLock::new(),
            texts,
            files,
            origins,
            overridden: !layers.is_empty(),
        };
        if templates.overridden {
            let engines = [templates.markdown(), templates.html_engine(), templates.site_engine()];
            let faults: Vec<Diagnostic> = engines.into_iter().filter_map(Result::err).flatten().collect();
            if !faults.is_empty() {
                return Err(faults);
            }
        }
        Ok(templates)
    }

    fn markdown(&self) -> Outcome<&Tera> {
        let made = self.markdown.get_or_init(|| {
            let mut tera = Tera::default();
            tera.autoescape_on([".md"]);
            tera.set_escape_fn(escape::markdown);
            self.filled(tera, &|name| name.ends_with(".md"))
        });
        made.as_ref().map_err(Clone::clone)
    }

    fn html_engine(&self) -> Outcome<&Tera> {
        let made = self.html.get_or_init(|| {
            let mut tera = Tera::default();
            tera.autoescape_on([".html", ".svg"]);
            self.filled(tera, &|name| {
                (name.ends_with(".html") || name.ends_with(".svg")) && !is_of_site(name)
            })
        });
        made.as_ref().map_err(Clone::clone)
    }

    /// The catalog's pages are an engine of their own: no report compiles them.
    fn site_engine(&self) -> Outcome<&Tera> {
        let made = self.site.get_or_init(|| {
            let mut tera = Tera::default();
            tera.autoescape_on([".html"]);
            tera.register_filter("code", |text: tera::StringInput<'_>, _: tera::Kwargs, _: &tera::State| {
                tera::Value::safe_string(&super::html::coded(text.as_str()))
            });
            self.filled(tera, &|name| name.ends_with(".html") && is_of_site(name))
        });
        made.as_ref().map_err(Clone::clone)
    }

    /// An engine with our filters and all templates with such names.
    fn filled(&self, mut tera: Tera, is_meant: &dyn Fn(&str) -> bool) -> Outcome<Tera> {
        register(&mut tera);
        let own = self.texts.iter().filter(|(name, _)| is_meant(name));
        let own: Vec<(&str, &str)> = own.map(|(name, text)| (name.as_str(), &**text)).collect();
        match tera.add_raw_templates(own) {
            Ok(()) => Ok(tera),
            Err(error) => Err(vec![fault(&error, &self.origins, None)]),
        }
    }

    /// A document as Markdown, by the name of its template.
    ///
    /// # Errors
    /// What Tera says, with the place and the fields that exist.
    pub fn document(&self, name: &str, report: &View) -> Outcome<String> {
        let text = self.render(self.markdown()?, name, report, &Context::new())?;
        Ok(tidy(&text))
    }

    /// A template of HTML or a picture; `extra` stands beside `report`.
    ///
    /// # Errors
    /// What Tera says, with the place and the fields that exist.
    pub fn html(&self, name: &str, report: &View, extra: &Context) -> Outcome<String> {
        self.render(self.html_engine()?, name, report, extra)
    }

    /// A page of the catalog.
    ///
    /// # Errors
    /// What Tera says, with the place and the fields that exist.
    pub fn site(&self, name: &str, context: &Context) -> Outcome<String> {
        let rendered = self.site_engine()?.render(name, context);
        rendered.map_err(|error| vec![fault(&error, &self.origins, None)])
    }

    /// Every file of the layers by its path.
    #[must_use]
    pub fn files(&self) -> &BTreeMap<String, Cow<'static, [u8]>> {
        &self.files
    }

    /// A text file of the layers.
    #[must_use]
    pub fn text(&self, name: &str) -> String {
        self.files
            .get(name)
            .map(|bytes| String::from_utf8_lossy(bytes).into_owned())
            .unwrap_or_default()
    }

    /// What is wrong with the style sheets, which no engine tells.
    #[must_use]
    pub fn style_faults(&self) -> Vec<Diagnostic> {
        let known = STYLES
            .iter()
            .filter_map(|name| self.origins.get(*name).map(|origin| (name, origin)));
        known.flat_map(|(name, origin)| style::faults(&self.text(name), origin)).collect()
    }

    /// The same diagnostic, at the files that the templates come from.
    #[must_use]
    pub fn named_by_origin(&self, mut diagnostic: Diagnostic) -> Diagnostic {
        for (place, _) in &mut diagnostic.places {
            if let Some(origin) = self.origins.get(&*place.file) {
                place.file = origin.clone();
            }
        }
        diagnostic
    }

    fn render(&self, tera: &Tera, name: &str, view: &View, extra: &Context) -> Outcome<String> {
        let mut context = extra.clone();
        context.insert_value("report", view.report.clone());
        context.insert_value("page", view.page.clone());
        tera.render(name, &context).map_err(|error| {
            let report = serde_json::to_value(&view.report).unwrap_or_default();
            vec![fault(&error, &self.origins, Some(&report))]
        })
    }
}

/// Whether a file is of the catalog's pages, which no report is made of.
#[must_use]
pub fn is_of_site(name: &str) -> bool {
    name.strip_prefix("builtin/").unwrap_or(name).starts_with("site/")
}

/// One blank line between blocks, none at the start, no spaces at the ends of lines.
fn tidy(markdown: &str) -> String {
    let mut out = String::with_capacity(markdown.len());
    let mut blank = true;
    for line in markdown.lines().map(str::trim_end) {
        if line.is_empty() {
            if !blank {
                out.push('\n');
            }
            blank = true;
        } else {
            out.push_str(line);
            out.push('\n');
            blank = false;
        }
    }
    while out.ends_with("\n\n") {
        out.pop();
    }
    out
}
