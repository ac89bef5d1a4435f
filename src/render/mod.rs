//! The Report to bytes: one content template, three formats, and the data formats beside them.
//!
//! In: a [`Report`] and templates. Out: Markdown, HTML, PDF, JSON, CSV and XLSX. Markdown is rendered first; HTML and PDF are
//! made from its blocks, so the formats cannot drift apart.

pub mod cells;
pub mod csv;
pub mod document;
pub mod escape;
pub mod form;
mod format;
mod holders;
pub mod html;
pub mod layouts;
mod logo;
pub mod parse;
pub mod pdf;
mod readable;
pub mod site;
pub mod templates;
mod tied;
pub mod todo;
pub mod xlsx;

use crate::diagnostics::{Code, Diagnostic, Outcome};
use crate::report::Report;
use crate::report::page::Page;
use document::Document;
pub use format::{Beside, Format, Way};
pub use logo::Logo;
use pdf::{Attachment, Fonts};
pub use readable::readable;
use std::collections::BTreeMap;
use std::sync::Arc;
use templates::Templates;
pub use templates::View;

/// The pictures that templates draw.
const PICTURES: [&str; 1] = ["assurance.svg"];

/// One report on its way to several formats: what they share is made once.
pub struct Renderer<'a> {
    report: &'a Report,
    page: &'a Page,
    view: View,
    templates: &'a Templates,
    logo: Option<&'a Logo>,
    markdown: String,
    pictures: BTreeMap<String, String>,
    document: Option<Document>,
    fonts: Arc<Fonts>,
    carried: Option<String>,
    remains: Vec<pdf::Remains>,
}

/// All that is wrong with the templates of pictures, also where a document names none of them.
#[must_use]
pub fn picture_faults(view: &View, templates: &Templates) -> Vec<Diagnostic> {
    let faults = PICTURES.into_iter().filter_map(|name| picture(name, view, templates).err());
    faults.flatten().collect()
}

fn picture(name: &str, view: &View, templates: &Templates) -> Outcome<String> {
    templates.html(name, view, &tera::Context::new())
}

impl<'a> Renderer<'a> {
    /// Renders a document by the name of its template, as Markdown with its pictures.
    ///
    /// # Errors
    /// What the templates have wrong.
    pub fn of(document: &str, report: &'a Report, page: &'a Page, templates: &'a Templates, logo: Option<&'a Logo>) -> Outcome<Self> {
        let view = View::of(report, page, templates)?;
        let markdown = templates.document(document, &view)?;
        let mut pictures = BTreeMap::new();
        // A document that names no picture has none: the lists of a pack, and what goes to a stream.
        for name in PICTURES.into_iter().filter(|name| markdown.contains(name)) {
            let prefix = &report.meta.picture_prefix;
            pictures.insert(format!("{prefix}{name}"), picture(name, &view, templates)?);
        }
        Ok(Self {
            report,
            page,
            view,
            templates,
            logo,
            markdown,
            pictures,
            document: None,
            fonts: Fonts::embedded(),
            carried: None,
            remains: Vec::new(),
        })
    }

    /// The same, drawn with other fonts.
    #[must_use]
    pub fn with_fonts(mut self, fonts: Arc<Fonts>) -> Self {
        self.fonts = fonts;
        self
    }

    /// The same, with a family whose faces the HTML carries.
    #[must_use]
    pub fn carrying(mut self, family: Option<String>) -> Self {
        self.carried = family;
        self
    }

    /// The Markdown.
    #[must_use]
    pub fn markdown(&self) -> &str {
        &self.markdown
    }

    /// The pictures that the Markdown names, by name.
    #[must_use]
    pub fn pictures(&self) -> &BTreeMap<String, String> {
        &self.pictures
    }

    fn document(&mut self) -> Outcome<&Document> {
        let document = match self.document.take() {
            Some(document) => document,
            None => Document::parse(&self.markdown)?.without_cover(),
        };
        Ok(self.document.insert(document))
    }

    /// The HTML, one file.
    ///
    /// # Errors
    /// What the templates have wrong.
    pub fn html(&mut self) -> Outcome<String> {
        let pictures = self.pictures.clone();
        let targets = html::Targets::of(self.report, self.page);
        let report = self.report;
        let document = self.document()?;
        let body = html::body(document, &pictures, &targets, Some(report));
        let contents = html::contents(document);
        let mut context = tera::Context::new();
        context.insert("body", html::BODY);
        context.insert("contents", &contents);
        context.insert("places", &body.places);
        context.insert("policy", html::POLICY);
        let mut style = format!("{}\n{}", self.templates.text("style.css"), body.style);
        if let Some(family) = &self.carried {
            style.push_str(&html::font_rules(family, &self.fonts.faces(family)));
        }
        context.insert("style", &style);
        context.insert("script", &self.templates.text("script.js").replace("</", "<\\/"));
        let logo = self
            .logo
            .map(|logo| format!("data:{};base64,{}", logo.mime(), base64(logo.bytes())));
        context.insert("logo", &logo);
        let frame = self.templates.html("page.html", &self.view, &context)?;
        if let Some(page) = html::filled(&html::sealed(&frame), &body.html) {
            return Ok(page);
        }
        // A template of one's own that does more with the body than to print it.
        context.insert("body", &body.html);
        Ok(html::sealed(&self.templates.html("page.html", &self.view, &context)?))
    }

    /// The PDF, with the given files attached.
    ///
    /// # Errors
    /// What the templates have wrong, and what Typst says.
    pub fn pdf(&mut self, attachments: Vec<Attachment>) -> Outcome<pdf::Pdf> {
        let own = self.templates.files().iter();
        let mut files: BTreeMap<String, Vec<u8>> = own.map(|(name, bytes)| (name.clone(), bytes.to_vec())).collect();
        files.extend(self.pictures.iter().map(|(name, text)| (name.clone(), text.clone().into_bytes())));
        if let Some(logo) = self.logo {
            files.insert(logo.name().to_owned(), logo.bytes().to_vec());
        }
        let report = json(&templates::Cover::of(self.report))?.into_bytes();
        let fonts = self.fonts.clone();
        let templates = self.templates;
        let document = self.document()?;
        let rendered = pdf::render(&pdf::Input {
            document,
            report: &report,
            files: &files,
            attachments,
            fonts,
        });
        let named = |faults: Vec<Diagnostic>| faults.into_iter().map(|fault| templates.named_by_origin(fault)).collect();
        match rendered {
            Ok((pdf, remains)) => {
                self.remains.push(remains);
                Ok(pdf::Pdf {
                    warnings: named(pdf.warnings),
                    ..pdf
                })
            }
            Err(faults) => Err(named(faults)),
        }
    }
}

/// The Report, or a part of it, as JSON for people.
///
/// # Errors
/// None that can be caused from outside; the type only says so.
pub fn json(report: &impl serde::Serialize) -> Outcome<String> {
    let mut text = serde_json::to_string_pretty(report).map_err(|error| no_json(&error))?;
    text.push('\n');
    Ok(text)
}

/// The Report as JSON, as short as it can be.
///
/// # Errors
/// None that can be caused from outside; the type only says so.
pub fn json_in_one_line(report: &impl serde::Serialize) -> Outcome<String> {
    serde_json::to_string(report).map_err(|error| no_json(&error))
}

fn no_json(error: &serde_json::Error) -> Vec<Diagnostic> {
    vec![Diagnostic::new(
        Code::CannotWrite,
        format!("cannot write the report as JSON: {error}"),
    )]
}

fn base64(bytes: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(bytes)
}
