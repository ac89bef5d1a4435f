//! `cloudraci init`: a commented inventory that reports at once.
//!
//! In: a folder, or `-`. Out: `inventory.yaml` in it, or on standard output; one that exists is left alone.

use super::{Done, Exit, Stop, output, print, say};
use crate::cli::Init as Args;
use crate::diagnostics::{Code, Diagnostic, SourceMap};

const STARTER: &str = include_str!("init.yaml");

pub(super) fn run(args: &Args) -> Done {
    if output::is_standard(&args.folder) {
        print(STARTER.as_bytes())?;
        return Ok(Exit::Fine);
    }
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
