//! The forms of scanners' results: one file each, and nothing else names them.
//!
//! In: the files beside `src/results/format.rs`. Out: a macro with their `mod` lines and their list. It is a macro, and not
//! the lines themselves, since a `mod` in an included file is looked for beside that file, and one that a macro writes beside
//! the file that calls it; so no path of the machine on which it is built comes into the program.

use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

/// The folder of the forms and of what they share.
pub(crate) const FOLDER: &str = "src/results/format";

/// The macro `forms!`.
///
/// # Errors
/// A file that is no form and that `format.rs` does not name: nothing would compile it.
pub(crate) fn forms() -> Result<String, Box<dyn Error>> {
    let owner = fs::read_to_string(Path::new(FOLDER).with_extension("rs"))?;
    let (mut modules, mut list) = (String::new(), String::new());
    for entry in walkdir::WalkDir::new(FOLDER).max_depth(1).sort_by_file_name() {
        let entry = entry?;
        let path = entry.path();
        if path.extension().is_none_or(|ending| ending != "rs") {
            continue;
        }
        let module = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let forms = forms_of(&fs::read_to_string(path)?);
        match forms.is_empty() {
            false => writeln!(modules, "        mod {module};")?,
            true if owner.lines().any(|line| line == format!("mod {module};")) => {}
            true => return Err(format!("{}: no `impl Format for`, and {FOLDER}.rs has no `mod {module};`", path.display()).into()),
        }
        for form in forms {
            writeln!(list, "            &{module}::{form},")?;
        }
    }
    Ok(format!(
        "macro_rules! forms {{\n    () => {{\n{modules}        /// Every form, in the order of their files.\n        \
         const FOUND: &[&dyn Format] = &[\n{list}        ];\n    }};\n}}\n"
    ))
}

/// The types that a file makes forms of.
fn forms_of(text: &str) -> Vec<String> {
    let lines = text.lines().filter_map(|line| line.strip_prefix("impl Format for "));
    lines.filter_map(|rest| rest.split([' ', '{']).next()).map(str::to_owned).collect()
}
