//! `cloudraci templates`: the built-in templates, to read and to change, and the user's, to check.
//!
//! In: a folder. Out: a list, or files.

mod check;

use super::{Done, Exit, Stop, counted, output, print_text, say};
use crate::catalog::TEMPLATES;
use crate::cli::TemplatesCommand;

pub(super) fn run(command: &TemplatesCommand) -> Done {
    match command {
        TemplatesCommand::Check { folder } => return check::run(folder),
        TemplatesCommand::List => {
            let list: String = TEMPLATES.iter().map(|(name, _)| format!("{name}\n")).collect();
            print_text(&list)?;
        }
        TemplatesCommand::Eject { folder } => {
            if output::is_standard(folder) {
                return Err(Stop::Usage(
                    "templates are several files, and do not fit on standard output; name a folder".to_owned(),
                ));
            }
            let (existing, missing): (Vec<_>, Vec<_>) = TEMPLATES.iter().partition(|(name, _)| folder.join(name).exists());
            let files: Vec<_> = missing
                .iter()
                .map(|(name, text)| (folder.join(name), text.as_bytes().to_vec()))
                .collect();
            output::write_all(&files)?;
            for (name, _) in existing {
                say(&format!("left alone: {}\n", folder.join(name).display()));
            }
            say(&format!("wrote {} to {}\n", counted(files.len(), "template"), folder.display()));
        }
    }
    Ok(Exit::Fine)
}
