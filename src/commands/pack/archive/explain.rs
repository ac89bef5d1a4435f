//! Why programs differ in what they unpack from a ZIP file that is no pack's.
//!
//! In: a ZIP file of anybody's. Out: what it holds by its own list of files, and where that list and the files
//! themselves disagree. It is read leniently: nothing here makes a ZIP file acceptable.

use crate::commands::pack::delivered::{Delivered, Found, MOST_FILES, is_safe};
use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};

/// What the list of files says, and the disagreements.
pub(in crate::commands::pack) fn explain(mut file: File) -> Result<(Delivered, Vec<String>), String> {
    let again = file.try_clone().map_err(|error| error.to_string())?;
    let mut archive = zip::ZipArchive::new(again).map_err(|error| error.to_string())?;
    let (mut delivered, mut said) = (Delivered::default(), Vec::new());
    if archive.offset() != 0 {
        said.push(format!("{} bytes stand before the ZIP file", archive.offset()));
    }
    if archive.has_duplicate_names() {
        said.push("two files in it have one name".to_owned());
    }
    let mut starts = Vec::new();
    for index in 0..archive.len().min(MOST_FILES) {
        let mut entry = archive.by_index(index).map_err(|error| error.to_string())?;
        let name = String::from_utf8_lossy(entry.name_raw()).into_owned();
        starts.push((entry.header_start(), name.clone()));
        let found = if !is_safe(&name) {
            Found::Other(if name.contains("..") || name.starts_with('/') || name.contains([':', '\\']) {
                "a path that leads out of the pack"
            } else {
                "no name of a file in a pack"
            })
        } else if entry.is_symlink() {
            Found::Other("a link")
        } else {
            delivered.take(&name, &mut entry)?;
            continue;
        };
        delivered.insert(name, found)?;
    }
    for (start, name) in starts {
        if let Some(local) = local_name(&mut file, start).filter(|local| *local != name) {
            said.push(format!(
                "what is listed as `{}` calls itself `{}`; programs differ in which of the two they believe",
                name.escape_debug(),
                local.escape_debug()
            ));
        }
    }
    Ok((delivered, said))
}

/// The name that a file's own header gives it.
fn local_name(file: &mut File, start: u64) -> Option<String> {
    let mut header = [0; 30];
    file.seek(SeekFrom::Start(start)).ok()?;
    file.read_exact(&mut header).ok()?;
    let mut name = vec![0; usize::from(u16::from_le_bytes([header[26], header[27]]))];
    file.read_exact(&mut name).ok()?;
    Some(String::from_utf8_lossy(&name).into_owned())
}
