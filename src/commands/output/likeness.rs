//! Owner and mode of what is written again: as they were.
//!
//! In: what stood there, and what takes its place. Out: the new one with the old one's owner, group and mode, as far as
//! this user may set them, and never open to more people than it was.

use std::fs::{File, Metadata};
use std::io;

/// Makes a new file or folder like the former one.
#[cfg(unix)]
pub(in crate::commands) fn keep(former: &Metadata, new: &File) -> io::Result<()> {
    use std::fs::Permissions;
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, fchown};
    let (owner, group) = (former.uid(), former.gid());
    let now = new.metadata()?;
    if (now.uid(), now.gid()) != (owner, group) && fchown(new, Some(owner), Some(group)).is_err() {
        // Only root gives files away; the group may be one of the user's own.
        let _ = fchown(new, None, Some(group));
    }
    let mut mode = former.mode() & 0o7777;
    let now = new.metadata()?;
    if now.gid() != group {
        // What the former group could do, this one only does where everybody could.
        mode &= !0o2070 | (mode & 0o007) << 3;
    }
    if now.uid() != owner {
        mode &= !0o4000;
    }
    match new.set_permissions(Permissions::from_mode(mode)) {
        // A file system without modes has nothing to keep.
        Err(error) if now.mode() & 0o777 & !mode != 0 => Err(error),
        _ => Ok(()),
    }
}

/// Makes a new file or folder like the former one, where systems have other ways than owners and modes: not at all.
#[cfg(not(unix))]
pub(in crate::commands) fn keep(_: &Metadata, _: &File) -> io::Result<()> {
    Ok(())
}
