//! A hidden folder beside what is written: all is made ready in it, and what stood there before waits in it.
//!
//! In: a folder to write into. Out: things made ready, moved into their places in one step each. A run that was killed
//! leaves such a folder behind. It is locked while its run lives, so the next run that writes there knows the abandoned
//! ones, puts back what they had taken away, and removes them.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// What its name begins with.
const PREFIX: &str = ".cloudraci-";
/// The file that is locked while the run lives.
const LOCK: &str = "lock";
/// What is made ready.
const NEW: &str = "new";
/// What was taken away and has no other place: it goes back if the run does not end.
const FORMER: &str = "former";
/// What is no longer needed.
const GONE: &str = "gone";

/// A stage: it is removed when it goes out of scope.
#[derive(Debug)]
pub(in crate::commands) struct Stage {
    folder: TempDir,
    /// Held until the folder is removed; without it where the file system knows no locks.
    _lock: File,
}

/// How something came into its place, so that it can be taken back.
#[derive(Debug)]
pub(in crate::commands) struct Step {
    /// Where it stood ready.
    made: PathBuf,
    /// Where it stands.
    place: PathBuf,
    former: Former,
}

/// What had stood in a place.
#[derive(Debug)]
enum Former {
    Nothing,
    /// It stands where the new one was made ready.
    Swapped,
    /// It waits here.
    At(PathBuf),
}

impl Stage {
    /// A stage in a folder; what killed runs have left there is settled first.
    pub(in crate::commands) fn beside(parent: &Path) -> io::Result<Self> {
        loop {
            let folder = tempfile::Builder::new().prefix(PREFIX).tempdir_in(parent);
            // The hidden folder's name is no business of the reader's.
            let folder = folder.map_err(|error| io::Error::from(error.kind()))?;
            // A run that tidies up may have taken the folder before it was locked.
            let Some(lock) = locked(folder.path())? else { continue };
            settle(parent, folder.path());
            fs::create_dir(folder.path().join(NEW))?;
            fs::create_dir(folder.path().join(FORMER))?;
            return Ok(Self { folder, _lock: lock });
        }
    }

    /// Where to make something ready.
    pub(in crate::commands) fn room(&self, name: &str) -> PathBuf {
        self.folder.path().join(NEW).join(name)
    }

    /// Moves what was made ready into its place, a file in place of a file or a folder in place of a folder. Where the
    /// system can, old and new change places at once, so that one of them stands there at any moment.
    pub(in crate::commands) fn place(&self, made: &Path, place: &Path) -> io::Result<Step> {
        self.place_by(made, place, swap)
    }

    fn place_by(&self, made: &Path, place: &Path, swap: impl Fn(&Path, &Path) -> io::Result<bool>) -> io::Result<Step> {
        let step = |former| Step {
            made: made.to_owned(),
            place: place.to_owned(),
            former,
        };
        let standing = match fs::symlink_metadata(place) {
            Ok(standing) => standing,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return fs::rename(made, place).map(|()| step(Former::Nothing));
            }
            Err(error) => return Err(error),
        };
        if standing.is_dir() != made.is_dir() {
            return Err(io::Error::other(if standing.is_dir() {
                "it is a folder"
            } else {
                "it is no folder"
            }));
        }
        if swap(made, place)? {
            return Ok(step(Former::Swapped));
        }
        if standing.is_dir() {
            let former = self.folder.path().join(FORMER).join(place.file_name().unwrap_or_default());
            fs::rename(place, &former)?;
            fs::rename(made, place).inspect_err(|_| {
                // If even that fails, the next run puts it back.
                let _ = fs::rename(&former, place);
            })?;
            return Ok(step(Former::At(former)));
        }
        // The old file keeps its name until the new one takes it.
        let former = made.with_extension("former");
        if fs::hard_link(place, &former).is_err() {
            fs::copy(place, &former)?;
        }
        fs::rename(made, place)?;
        Ok(step(Former::At(former)))
    }

    /// All stands where it belongs: what stood there before goes.
    pub(in crate::commands) fn finish(self) {
        // Nothing is put back any more, not even of a folder that is removed in part when this run is killed.
        let _ = fs::rename(self.folder.path().join(FORMER), self.folder.path().join(GONE));
    }
}

impl Step {
    /// Takes it back: what stood there before stands there again.
    pub(in crate::commands) fn undo(&self) -> io::Result<()> {
        match &self.former {
            Former::Nothing => fs::rename(&self.place, &self.made),
            Former::Swapped => swap(&self.made, &self.place).map(drop),
            Former::At(former) if former.is_dir() => {
                fs::rename(&self.place, &self.made)?;
                fs::rename(former, &self.place)
            }
            Former::At(former) => fs::rename(former, &self.place),
        }
    }

    /// Where it stands.
    pub(in crate::commands) fn place(&self) -> &Path {
        &self.place
    }
}

/// Lets two paths change places at once; `false` where the system or the file system cannot.
#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
fn swap(one: &Path, other: &Path) -> io::Result<bool> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    use rustix::io::Errno;
    match renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE) {
        Ok(()) => Ok(true),
        Err(Errno::NOSYS | Errno::INVAL | Errno::NOTSUP | Errno::PERM) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Lets two paths change places at once: no way to do so is known here.
#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
fn swap(_: &Path, _: &Path) -> io::Result<bool> {
    Ok(false)
}

/// Settles what a killed run has left of this very place, if it took away what stood there.
pub(in crate::commands) fn restore(place: &Path) {
    let (parent, Some(name)) = (super::folder_of(place), place.file_name()) else {
        return;
    };
    if fs::symlink_metadata(place).is_ok() {
        return;
    }
    let waits =
        |entry: fs::DirEntry| entry.file_name().to_string_lossy().starts_with(PREFIX) && entry.path().join(FORMER).join(name).exists();
    if fs::read_dir(parent).is_ok_and(|entries| entries.flatten().any(waits)) {
        // A new stage settles those of killed runs. Where none can be made, nothing can be put back either.
        let _ = Stage::beside(parent);
    }
}

/// The lock of a new stage; nothing where another run has removed the folder meanwhile.
fn locked(stage: &Path) -> io::Result<Option<File>> {
    let path = stage.join(LOCK);
    let file = match OpenOptions::new().write(true).create(true).truncate(false).open(&path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    match file.lock() {
        // Another run may have held it, and removed the folder, while this one waited.
        Ok(()) => Ok(path.exists().then_some(file)),
        // Where there are no locks, no run can take another's stage for an abandoned one.
        Err(_) => Ok(Some(file)),
    }
}

/// Settles what killed runs have left in a folder. Only folders of the user who runs this are looked at.
fn settle(parent: &Path, own: &Path) {
    let (Ok(entries), Ok(mine)) = (fs::read_dir(parent), fs::symlink_metadata(own)) else {
        return;
    };
    for entry in entries.flatten() {
        let path = entry.path();
        if path == own || !entry.file_name().to_string_lossy().starts_with(PREFIX) {
            continue;
        }
        if fs::symlink_metadata(&path).is_ok_and(|found| found.is_dir() && same_owner(&found, &mine)) {
            // What cannot be settled now, a later run may.
            let _ = settle_one(parent, &path);
        }
    }
}

/// Puts back what an abandoned stage holds of others', and removes it.
fn settle_one(parent: &Path, stage: &Path) -> io::Result<()> {
    for entry in fs::read_dir(stage)? {
        // A folder that holds anything else was not made here.
        if ![LOCK, NEW, FORMER, GONE]
            .iter()
            .any(|known| entry.as_ref().is_ok_and(|entry| entry.file_name() == *known))
        {
            return Ok(());
        }
    }
    let lock = OpenOptions::new().write(true).create(true).truncate(false).open(stage.join(LOCK))?;
    if lock.try_lock().is_err() {
        return Ok(());
    }
    for entry in fs::read_dir(stage.join(FORMER)).into_iter().flatten() {
        let entry = entry?;
        let place = parent.join(entry.file_name());
        if fs::symlink_metadata(&place).is_err_and(|error| error.kind() == io::ErrorKind::NotFound) {
            fs::rename(entry.path(), place)?;
        }
    }
    fs::remove_dir_all(stage)
}

#[cfg(unix)]
fn same_owner(one: &fs::Metadata, other: &fs::Metadata) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    one.uid() == other.uid()
}

#[cfg(not(unix))]
fn same_owner(_: &fs::Metadata, _: &fs::Metadata) -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A system without the exchange.
    fn never(_: &Path, _: &Path) -> io::Result<bool> {
        Ok(false)
    }

    fn ready(stage: &Stage, text: &str) -> PathBuf {
        let made = stage.room("pack");
        fs::create_dir(&made).unwrap();
        fs::write(made.join("file"), text).unwrap();
        made
    }

    fn read(place: &Path) -> String {
        fs::read_to_string(place.join("file")).unwrap()
    }

    fn hidden(parent: &Path) -> usize {
        let names = fs::read_dir(parent).unwrap().map(|entry| entry.unwrap().file_name());
        names.filter(|name| name.to_string_lossy().starts_with(PREFIX)).count()
    }

    /// The run ends here without another step, as if it had been killed.
    fn killed(stage: Stage) {
        let Stage { folder, .. } = stage;
        let _ = folder.keep();
    }

    #[test]
    fn one_of_two_folders_stands_and_the_next_run_tidies_up() {
        for swap in [swap as fn(&Path, &Path) -> io::Result<bool>, never] {
            let parent = tempfile::tempdir().unwrap();
            let place = parent.path().join("p");
            let stage = Stage::beside(parent.path()).unwrap();
            let made = ready(&stage, "old");
            stage.place_by(&made, &place, swap).unwrap();
            stage.finish();
            assert_eq!((read(&place).as_str(), hidden(parent.path())), ("old", 0));
            // Killed before it was placed.
            let stage = Stage::beside(parent.path()).unwrap();
            ready(&stage, "new");
            killed(stage);
            drop(Stage::beside(parent.path()).unwrap());
            assert_eq!((read(&place).as_str(), hidden(parent.path())), ("old", 0));
            // Killed when the old one was taken away and the new one not yet there.
            let stage = Stage::beside(parent.path()).unwrap();
            ready(&stage, "new");
            fs::rename(&place, stage.folder.path().join(FORMER).join("p")).unwrap();
            killed(stage);
            drop(Stage::beside(parent.path()).unwrap());
            assert_eq!((read(&place).as_str(), hidden(parent.path())), ("old", 0));
            // Taken back.
            let stage = Stage::beside(parent.path()).unwrap();
            let made = ready(&stage, "new");
            let step = stage.place_by(&made, &place, swap).unwrap();
            assert_eq!(read(&place), "new");
            step.undo().unwrap();
            drop(stage);
            assert_eq!((read(&place).as_str(), hidden(parent.path())), ("old", 0));
            // Killed behind the last step.
            let stage = Stage::beside(parent.path()).unwrap();
            let made = ready(&stage, "new");
            stage.place_by(&made, &place, swap).unwrap();
            killed(stage);
            drop(Stage::beside(parent.path()).unwrap());
            assert_eq!((read(&place).as_str(), hidden(parent.path())), ("new", 0));
        }
    }

    #[test]
    fn a_file_is_never_missing_and_comes_back() {
        for swap in [swap as fn(&Path, &Path) -> io::Result<bool>, never] {
            let parent = tempfile::tempdir().unwrap();
            let place = parent.path().join("f");
            fs::write(&place, "old").unwrap();
            let stage = Stage::beside(parent.path()).unwrap();
            let made = stage.room("0");
            fs::write(&made, "new").unwrap();
            let step = stage.place_by(&made, &place, swap).unwrap();
            assert_eq!(fs::read_to_string(&place).unwrap(), "new");
            step.undo().unwrap();
            assert_eq!(fs::read_to_string(&place).unwrap(), "old");
            // A file that its owner removed meanwhile does not rise again.
            fs::remove_file(&place).unwrap();
            killed(stage);
            drop(Stage::beside(parent.path()).unwrap());
            assert!(!place.exists() && hidden(parent.path()) == 0);
        }
    }

    #[test]
    fn a_stage_in_use_and_a_folder_of_somebody_elses_stay() {
        let parent = tempfile::tempdir().unwrap();
        let first = Stage::beside(parent.path()).unwrap();
        let made = ready(&first, "new");
        fs::create_dir(parent.path().join(".cloudraci-notes")).unwrap();
        fs::write(parent.path().join(".cloudraci-notes/mine"), "").unwrap();
        drop(Stage::beside(parent.path()).unwrap());
        assert!(made.join("file").exists() && parent.path().join(".cloudraci-notes/mine").exists());
    }
}
