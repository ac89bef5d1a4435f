//! Fonts from folders, where the user asks for them.
//!
//! In: folders, that of the inventory's theme first, and whether the machine's own fonts may be used. Out: the faces in the
//! order of their paths. Files of folders that were named are read once; those of the machine again when drawn with.

use crate::cli::Looks;
use crate::diagnostics::{Code, Diagnostic, Outcome, Place};
use crate::render::pdf::Fonts;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use typst::foundations::Bytes;
use typst::text::{Font, FontInfo};
use typst_kit::fonts::{FontPath, FontSource};

/// No font file is larger than this, in bytes: the largest collections of East Asian fonts are half as large.
const FILE_LIMIT: u64 = 256 << 20;

/// A file of fonts as it was read.
pub(super) type FontFile = (PathBuf, Bytes);

/// What was found.
#[derive(Debug)]
pub(super) struct Found {
    /// The fonts to draw with.
    pub(super) fonts: Arc<Fonts>,
    /// The files of the folders that were named: what is drawn is what was read of them.
    pub(super) files: Vec<FontFile>,
    /// What is worth telling.
    pub(super) warnings: Vec<Diagnostic>,
}

/// The fonts to draw with, and what is worth telling about them. `theme`: the inventory's folder of fonts.
pub(super) fn load(looks: &Looks, theme: Option<&(PathBuf, Place)>) -> Outcome<Found> {
    let mut files = Vec::new();
    if theme.is_none() && looks.font_path.is_empty() && !looks.system_fonts {
        return Ok(Found {
            fonts: Fonts::embedded(),
            files,
            warnings: Vec::new(),
        });
    }
    let (mut fonts, mut warnings, mut faults) = (Fonts::default(), Vec::new(), Vec::new());
    let named = theme.map(|(folder, place)| (folder, Some(place)));
    for (folder, place) in named.into_iter().chain(looks.font_path.iter().map(|folder| (folder, None))) {
        let placed = |one: Diagnostic| match place {
            Some(place) => one.at(place.clone()),
            None => one,
        };
        match scan(folder, &mut fonts, Some(&mut files)) {
            Ok(0) => warnings.push(placed(
                Diagnostic::new(Code::NoFonts, format!("there is no font in `{}`", folder.display()))
                    .help("name a folder with files that end in .ttf, .otf, .ttc or .otc"),
            )),
            Ok(_) => {}
            Err(message) => faults.push(placed(Diagnostic::new(
                Code::CannotRead,
                format!("cannot read the fonts in `{}`: {message}", folder.display()),
            ))),
        }
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    if looks.system_fonts {
        let found: usize = system()
            .iter()
            .map(|folder| scan(folder, &mut fonts, None).unwrap_or_default())
            .sum();
        if found == 0 {
            warnings.push(
                Diagnostic::new(Code::NoFonts, "this machine has no fonts where they are usually kept")
                    .help("name a folder of fonts with `--font-path DIR`"),
            );
        }
    }
    Ok(Found {
        fonts: Arc::new(fonts),
        files,
        warnings,
    })
}

/// A face of a file that is held.
struct Held {
    bytes: Bytes,
    index: u32,
}

impl FontSource for Held {
    fn load(&self) -> Option<Font> {
        Font::new(self.bytes.clone(), self.index)
    }
}

/// Adds the fonts of a folder and of those in it; how many faces there are. `held`: where the files' bytes are kept, so
/// that they are read once; else a file is read again when something is drawn with it.
fn scan(folder: &Path, fonts: &mut Fonts, mut held: Option<&mut Vec<FontFile>>) -> Result<usize, String> {
    if folder.is_file() {
        return Err("it is no folder".to_owned());
    }
    let mut faces = 0;
    for entry in walkdir::WalkDir::new(folder).sort_by_file_name() {
        let entry = entry.map_err(|error| error.to_string())?;
        let path = entry.path();
        let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
        // A link to a file is a file.
        if !matches!(ending.as_deref(), Some("ttf" | "otf" | "ttc" | "otc")) || !path.is_file() {
            continue;
        }
        if std::fs::metadata(path).map_or(true, |of| of.len() > FILE_LIMIT) {
            continue;
        }
        let Ok(bytes) = std::fs::read(path) else { continue };
        let bytes = Bytes::new(bytes);
        for (info, index) in FontInfo::iter(&bytes).zip(0..) {
            faces += 1;
            match held {
                Some(_) => fonts.push(
                    Held {
                        bytes: bytes.clone(),
                        index,
                    },
                    info,
                ),
                None => fonts.push(
                    FontPath {
                        path: path.to_owned(),
                        index,
                    },
                    info,
                ),
            }
        }
        if let Some(held) = &mut held {
            held.push((path.to_owned(), bytes));
        }
    }
    Ok(faces)
}

/// Where systems keep their fonts.
fn system() -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> = [
        "/usr/share/fonts",
        "/usr/local/share/fonts",
        "/System/Library/Fonts",
        "/Library/Fonts",
    ]
    .map(PathBuf::from)
    .to_vec();
    let below = |variable: &str, rest: &[&str]| {
        let home = std::env::var_os(variable).map(PathBuf::from);
        rest.iter().filter_map(|rest| Some(home.as_ref()?.join(rest))).collect::<Vec<_>>()
    };
    folders.extend(below("HOME", &[".fonts", ".local/share/fonts", "Library/Fonts"]));
    folders.extend(below("WINDIR", &["Fonts"]));
    folders.extend(below("LOCALAPPDATA", &["Microsoft/Windows/Fonts"]));
    folders
}
