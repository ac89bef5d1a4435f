//! `cloudraci query`: SQL that counts what is alike.
//!
//! In: where resources lie, who runs the query, inventories whose rules name tags, and which tables there are. Out: the query on
//! standard output.

use super::workspace::{catalog, default_paths};
use super::{Done, Exit, Stop, print_text};
use crate::catalog::Catalog;
use crate::catalog::attributes::Origin;
use crate::cli::{Dialect, Query as Args};
use crate::diagnostics::{Code, Diagnostic, Outcome, SourceMap};
use crate::query::{Options, There};
use crate::source::encoding;
use crate::{inventory, limits, query};
use clap::ValueEnum as _;
use std::collections::BTreeSet;
use std::io::Read;
use std::path::Path;

pub(super) fn run(args: &Args) -> Done {
    let mut sources = SourceMap::default();
    let catalog = match catalog(args.catalog.as_deref(), &mut sources) {
        Ok(catalog) => catalog,
        Err(faults) => return Err(Stop::Diagnostics(faults, sources)),
    };
    if args.tables.is_some() && args.source.engine().is_none() {
        return Err(Stop::Usage(
            "this source has one table, which `--table` names: leave `--tables` out".to_owned(),
        ));
    }
    let paths = if args.paths.is_empty() {
        default_paths()
    } else {
        args.paths.clone()
    };
    let tags = match paths.as_slice() {
        [] => BTreeSet::new(),
        paths => match inventory::tags_of_files(paths, &catalog, &mut sources) {
            Ok(tags) => tags,
            Err(faults) => return Err(Stop::Diagnostics(faults, sources)),
        },
    };
    let options = Options {
        tags: &tags,
        table: args.table.as_deref(),
    };
    let text = match args.source.engine().and(args.dialect) {
        Some(dialect) => text_of_tables(args, dialect, &catalog, &options)?,
        None => query::text(&catalog.looked_at(Origin::Config), (args.source, args.dialect), &options),
    };
    let Some(text) = text else {
        let known = query::dialects(args.source)
            .into_iter()
            .filter_map(|dialect| dialect.to_possible_value());
        let known: Vec<String> = known.map(|value| format!("--dialect {}", value.get_name())).collect();
        return Err(Stop::Usage(match known.as_slice() {
            [] => "this source has a language of its own: leave `--dialect` out".to_owned(),
            known => format!("say who runs the query: {}", known.join(", ")),
        }));
    };
    print_text(&text)?;
    Ok(Exit::Fine)
}

/// The query over an engine's tables; none where the dialect has no form of it.
fn text_of_tables(args: &Args, dialect: Dialect, catalog: &Catalog, options: &Options<'_>) -> Result<Option<String>, Stop> {
    if !query::dialects(args.source).contains(&dialect) {
        return Ok(None);
    }
    let there = match &args.tables {
        None => None,
        Some(path) => Some(There::of(
            &listed(path).map_err(|faults| Stop::Diagnostics(faults, SourceMap::default()))?,
        )),
    };
    let lacks_columns = dialect.needs_columns() && there.as_ref().is_none_or(|there| !there.has_columns());
    if lacks_columns {
        return Err(Stop::Usage(
            "this dialect cannot say a row without naming its columns: give `--tables` a list of tables and columns, as \
             `SELECT table_name, column_name FROM information_schema.columns` prints it"
                .to_owned(),
        ));
    }
    match query::text_of_tables(catalog, (args.source, dialect), there.as_ref(), options) {
        Some(text) => Ok(Some(text)),
        None => Err(Stop::Usage(
            "`--tables` names no table that the catalog knows: list them one a line, as the source calls them".to_owned(),
        )),
    }
}

/// The list of tables in a file, or on standard input.
fn listed(path: &Path) -> Outcome<String> {
    let is_stdin = path == Path::new("-");
    let name = if is_stdin {
        "standard input".to_owned()
    } else {
        format!("`{}`", path.display())
    };
    let fault = |error: std::io::Error| vec![Diagnostic::new(Code::CannotRead, format!("cannot read {name}: {error}"))];
    let mut bytes = Vec::new();
    let most = limits::WHOLE as u64;
    let read = if is_stdin {
        std::io::stdin().lock().take(most + 1).read_to_end(&mut bytes)
    } else {
        std::fs::File::open(path).and_then(|file| file.take(most + 1).read_to_end(&mut bytes))
    };
    read.map_err(fault)?;
    if bytes.len() > limits::WHOLE {
        let what = format!("{name} has more than {} MiB", limits::WHOLE / limits::MIB);
        return Err(vec![
            Diagnostic::new(Code::LimitReached, what).help("docs/limits.md lists all limits"),
        ]);
    }
    Ok(encoding::beginning(&bytes))
}
