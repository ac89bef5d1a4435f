//! A table as JSON: a list of rows, `{"rows": [...]}` as Steampipe writes it, or one row a line.
//!
//! In: JSON whose objects are rows. Out: the resources that the same rows give as CSV. Only what is surely a table is taken by
//! its content: rows of a query engine, or rows with an ARN, or with a type and an account or Region.

use super::columns::Column;
use super::group_rows::are_of_groups;
use super::rows::Rows;
use crate::catalog::engines;
use crate::diagnostics::Outcome;
use crate::inventory::import::items;
use crate::inventory::import::sink::Intake;
use crate::inventory::import::{Head, Importer};
use crate::source::Stream;
use crate::source::keys::Keys;
use serde_json::Value;

/// The list of rows beside the names of their columns.
const ROWS: &str = "rows";

/// The importer of tables as JSON.
pub(in crate::inventory::import) struct Objects;

impl Importer for Objects {
    fn id(&self) -> &'static str {
        "json"
    }

    fn name(&self) -> &'static str {
        "JSON rows"
    }

    fn reads(&self) -> &'static str {
        "JSON rows, also of Steampipe and CloudQuery"
    }

    fn begins(&self, head: &Head<'_>) -> bool {
        are_of_rows(&names(&head.keys))
    }

    fn if_empty(&self) -> &'static str {
        "the query found nothing"
    }

    fn is_of_one_account(&self) -> bool {
        // A query may be of any accounts.
        false
    }

    fn read(&self, stream: Stream<'_>, intake: &mut Intake<'_>) -> Outcome<()> {
        let names = names(&Keys::of(&stream.head));
        let place = stream.place.clone();
        let rows = Rows::new(&mut *intake, None, names.iter().map(String::as_str), false);
        if let Some(nothing) = rows.of_nothing(&place) {
            intake.warnings.push(nothing);
            return Ok(());
        }
        items::read(stream, intake, &[ROWS], |piece, sink| {
            let all = match piece.value {
                Value::Array(all) => all,
                one => vec![one],
            };
            for (order, row) in (piece.order..).zip(all) {
                match row {
                    Value::Object(row) => rows.take_object(row, (order, piece.number), sink),
                    Value::Null => {}
                    _ => sink.add_broken(piece.number),
                }
            }
        })?;
        let broken = intake
            .broken()
            .warning("are no rows", "a row is a map of its columns", intake.file(), &place);
        intake.warnings.extend(broken);
        intake.warnings.extend(rows.warnings());
        Ok(())
    }
}

/// Whether columns of these names are surely those of a table of resources.
pub(super) fn are_of_rows(names: &[String]) -> bool {
    if engines::engine_of(names.iter().map(String::as_str)).is_some() || are_of_groups(names.iter().map(String::as_str)) {
        return true;
    }
    let has = |wanted: &[Column]| names.iter().any(|name| wanted.contains(&super::columns::column(name)));
    has(&[Column::Arn]) || has(&[Column::Type, Column::Service]) && has(&[Column::Account, Column::Region])
}

/// The names of the first row's columns.
fn names(keys: &Keys) -> Vec<String> {
    let of = |before: &str| {
        let names = keys.0.iter().filter_map(|key| key.strip_prefix(before));
        let names = names.filter(|name| !name.is_empty() && !name.contains(['.', '[', '#']));
        names.map(str::to_owned).collect::<Vec<String>>()
    };
    let wrapped = of("rows[].");
    if !wrapped.is_empty() {
        return wrapped;
    }
    let listed = of("[].");
    if listed.is_empty() { of("") } else { listed }
}
