//! `cloudraci init`: a commented inventory that reports at once.
//!
//! In: a folder. Out: `inventory.yaml` in it; one that exists is left alone.

use super::{Done, Exit, Stop, output, say};
use crate::cli::Init as Args;
use crate::diagnostics::{Code, Diagnostic, SourceMap};

const STARTER: &str = include_str!("init.yaml");

pub(super) fn run(args: &Args) -> Done {
    let path = args.folder.join("inventory.yaml");
    if path.exists() {
        let fault = Diagnostic::new(Code::CannotWrite, format!("`{}` exists already", path.display()))
            .help("name another folder, or report on what is there: `cloudraci report`");
        return Err(Stop::Diagnostics(vec![fault], SourceMap::default()));
    }
    output::write_all(&[(path.clone(), STARTER.as_bytes().to_vec())])?;
    let shown = path.display();
    say(&format!("wrote {shown}\nnext: cloudraci report {shown} -o report.pdf\n"));
    Ok(Exit::Fine)
}
