//! Comments that mean something: `kind`, `begin` and `end`, and what a text stands for.
//!
//! In: what stands between `<!--` and `-->`. Out: what it asks for, or what is wrong with it and how to mend it.

use crate::render::document::Mark;

pub(super) const HELP_KIND: &str = "write `<!-- kind: name -->` or, for a table, `<!-- kind: name, columns: 3 1 1 -->`";
pub(super) const HELP_MARK: &str = "write `<!-- duty: ID +2 -->`, `<!-- control: ID type -->`, `<!-- commitments: ID type -->`, `<!-- section: ID -->`, `<!-- finding: ID SERVICE CONTROL STATE PARTY=A -->` or `<!-- leads-to: ID -->` within a text or a cell";
pub(super) const HELP_GROUP: &str = "write `<!-- begin: name -->` before and `<!-- end -->` after a run of blocks";

/// What a comment asks for.
pub(in crate::render) enum Directive {
    Kind(String, Option<Vec<f64>>),
    Begin(String),
    End,
    Mark(Mark),
}

/// Characters of an id at most.
const LONGEST_ID: usize = 500;

pub(in crate::render) type Complaint = (String, &'static str);

/// Reads what stands between `<!--` and `-->`; `None` is a comment for people.
pub(in crate::render) fn directive(comment: &str) -> Result<Option<Directive>, Complaint> {
    let comment = comment.trim();
    let (word, rest) = match comment.split_once(':') {
        Some((word, rest)) => (word.trim(), Some(rest.trim())),
        None => (comment, None),
    };
    match (word, rest) {
        ("kind", Some(rest)) => kind(rest).map(Some),
        ("begin", Some(rest)) => Ok(Some(Directive::Begin(name(rest, HELP_GROUP)?))),
        ("end", None) => Ok(Some(Directive::End)),
        ("duty", Some(rest)) => duty(rest).map(Some),
        ("finding", Some(rest)) => finding(rest).map(Some),
        ("section", Some(rest)) => {
            let keys = rest.split_whitespace().map(id).collect::<Result<Vec<_>, _>>()?;
            Ok(Some(Directive::Mark(Mark::Section { keys })))
        }
        ("leads-to", Some(rest)) => Ok(Some(Directive::Mark(Mark::LeadsTo { id: id(rest)? }))),
        ("control", Some(rest)) => {
            let (id, control_type) = named(rest)?;
            Ok(Some(Directive::Mark(Mark::Control { id, control_type })))
        }
        ("commitments", Some(rest)) => {
            let (id, control_type) = named(rest)?;
            Ok(Some(Directive::Mark(Mark::Commitments { id, control_type })))
        }
        ("kind", None) => Err(("a `kind` comment names no kind".to_owned(), HELP_KIND)),
        ("begin", None) => Err(("a `begin` comment names no kind".to_owned(), HELP_GROUP)),
        ("end", Some(_)) => Err(("`end` takes no name".to_owned(), HELP_GROUP)),
        _ => Ok(None),
    }
}

/// `ID`, or `ID +2`: the duty and two more.
fn duty(text: &str) -> Result<Directive, Complaint> {
    let mut words = text.split_whitespace();
    let id = id(words.next().unwrap_or_default())?;
    let more = match words.next() {
        None => Some(0),
        Some(word) => word.strip_prefix('+').and_then(|number| number.parse::<u64>().ok()),
    };
    match (more, words.next()) {
        (Some(more), None) => Ok(Directive::Mark(Mark::Duty {
            id,
            duties: more.saturating_add(1),
        })),
        _ => Err((format!("`{text}` names no duty and how many more"), HELP_MARK)),
    }
}

/// `ID SERVICE CONTROL STATE PARTY=LETTERS ...`, of which the state may be left out.
fn finding(text: &str) -> Result<Directive, Complaint> {
    let mut words = text.split_whitespace();
    let (Some(own), Some(service), Some(control)) = (words.next(), words.next(), words.next()) else {
        return Err((format!("`{text}` names no finding, service and control"), HELP_MARK));
    };
    let mut holders: Vec<&str> = words.collect();
    let state = match holders.first() {
        Some(word) if !word.contains('=') => name(holders.remove(0), HELP_MARK)?,
        _ => String::new(),
    };
    for holder in &holders {
        let letters = holder.split_once('=').and_then(|(party, letters)| id(party).ok().map(|_| letters));
        if !matches!(letters, Some("A" | "R" | "A/R")) {
            return Err((format!("`{holder}` is no party with its letters"), HELP_MARK));
        }
    }
    Ok(Directive::Mark(Mark::Finding {
        id: id(own)?,
        service: id(service)?,
        control: id(control)?,
        state,
        holders: holders.join(" "),
    }))
}

/// An id, and perhaps a control's type.
fn named(text: &str) -> Result<(String, String), Complaint> {
    let mut words = text.split_whitespace();
    let id = id(words.next().unwrap_or_default())?;
    let control_type = words.next().unwrap_or_default();
    match words.next() {
        None => Ok((
            id,
            if control_type.is_empty() {
                String::new()
            } else {
                name(control_type, HELP_MARK)?
            },
        )),
        Some(_) => Err((format!("`{text}` says more than an id and a type"), HELP_MARK)),
    }
}

fn id(text: &str) -> Result<String, Complaint> {
    let is_mark = |letter: char| matches!(letter, '-' | '_' | '.' | ':' | '/' | '@' | ';' | '~');
    let fits = |letter: char| letter.is_alphanumeric() || is_mark(letter);
    // Nearly all are: each letter is one byte, and looked at once.
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || is_mark(char::from(byte));
    if (1..=LONGEST_ID).contains(&text.len()) && text.bytes().all(is_plain) {
        return Ok(text.to_owned());
    }
    if !text.is_empty() && text.chars().all(fits) && text.chars().nth(LONGEST_ID).is_none() {
        Ok(text.to_owned())
    } else {
        Err((format!("`{}` is no id", text.chars().take(60).collect::<String>()), HELP_MARK))
    }
}

fn kind(text: &str) -> Result<Directive, Complaint> {
    let mut parts = text.split(',');
    let name = name(parts.next().unwrap_or_default().trim(), HELP_KIND)?;
    let mut widths = None;
    for part in parts {
        match part.split_once(':').map(|(key, value)| (key.trim(), value)) {
            Some(("columns", value)) if widths.is_none() => widths = Some(columns(value)?),
            _ => return Err((format!("`{}` is nothing that a kind comment can say", part.trim()), HELP_KIND)),
        }
    }
    Ok(Directive::Kind(name, widths))
}

fn name(text: &str, help: &'static str) -> Result<String, Complaint> {
    let well_formed = text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    if well_formed {
        Ok(text.to_owned())
    } else {
        Err((
            format!("`{text}` is no name of a kind: lower-case letters, digits and hyphens"),
            help,
        ))
    }
}

fn columns(text: &str) -> Result<Vec<f64>, Complaint> {
    let widths: Vec<f64> = text
        .split_whitespace()
        .map(|word| word.parse().ok().filter(|width| *width > 0.0 && *width <= 1000.0))
        .collect::<Option<_>>()
        .ok_or_else(|| (format!("`{}` are no widths of columns: numbers above 0", text.trim()), HELP_KIND))?;
    if widths.is_empty() {
        Err(("`columns` lists no widths".to_owned(), HELP_KIND))
    } else {
        Ok(widths)
    }
}
