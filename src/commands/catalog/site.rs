//! `cloudraci catalog site`: the catalog as pages to browse.
//!
//! In: a folder, and optionally one of service files and one of templates. Out: HTML files in it, all or none of them.

use super::super::{Done, Exit, Stop, counted, output, say, tell};
use super::loaded_with_texts;
use crate::render::site;
use crate::render::templates::{Layer, Templates};
use std::path::{Path, PathBuf};

pub(super) fn run(folder: &Path, overlay: Option<&Path>, templates: Option<&Path>) -> Done {
    if output::is_standard(folder) {
        return Err(Stop::Usage(
            "the catalog's pages are several files, and do not fit on standard output; name a folder".to_owned(),
        ));
    }
    let (catalog, mut sources) = loaded_with_texts(overlay)?;
    let (project, mut warnings) = (Path::new("templates"), Vec::new());
    let layer = match templates {
        Some(folder) => Layer::read(folder, &mut sources, &mut warnings).map(Some),
        None if project.is_dir() => Layer::unasked(project, &mut sources, &mut warnings),
        None => Ok(None),
    };
    let made = layer.and_then(|layer| {
        let layers: Vec<Layer> = layer.into_iter().collect();
        site::pages(&catalog, &Templates::compile(&layers)?)
    });
    let pages = made.map_err(|faults| Stop::Diagnostics(faults, sources.clone()))?;
    tell(&warnings, &sources);
    let files: Vec<(PathBuf, Vec<u8>)> = pages
        .into_iter()
        .map(|(path, page)| (folder.join(path), page.into_bytes()))
        .collect();
    output::write_all(&files)?;
    say(&format!("wrote {} to {}\n", counted(files.len(), "page"), folder.display()));
    Ok(Exit::Fine)
}
