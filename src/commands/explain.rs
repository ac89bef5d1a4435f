//! `cloudraci explain`: what a diagnostic means and how to mend it.
//!
//! In: a code. Out: text.

use super::{Done, Exit, Stop, print_text};
use crate::cli::Explain as Args;
use crate::diagnostics::{Code, did_you_mean};

pub(super) fn run(args: &Args) -> Done {
    let wanted = args.code.trim_matches(['[', ']']);
    let Some(code) = Code::from_id(wanted) else {
        let known: Vec<&str> = Code::ALL.iter().map(|code| code.id()).collect();
        return Err(Stop::Usage(format!(
            "there is no diagnostic code `{wanted}`: {}",
            did_you_mean(wanted, &known)
        )));
    };
    print_text(&format!(
        "{code} ({}): {}\n\n{}\n",
        code.severity(),
        code.summary(),
        code.explanation()
    ))?;
    Ok(Exit::Fine)
}
