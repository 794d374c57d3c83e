//! Files and folders that only their owner may read.

use std::{
    fs::{File, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
};

/// The path with more text at its end.
pub fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut path = path.as_os_str().to_owned();
    path.push(suffix);
    path.into()
}

/// Creates a new file that only its owner may read.
///
/// # Errors
/// `AlreadyExists` if there is one.
pub fn create_new(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Creates a folder that only its owner may open, with the folders above it.
pub fn create_folder(path: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Takes the permissions of everyone but the owner away from a file or folder, and says so in the log. Nothing happens
/// if there is none. A folder that is shared on purpose (with the sticky bit, such as `/tmp`) stays as it is.
pub fn narrow(path: &Path) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let Ok(facts) = std::fs::metadata(path) else {
            return;
        };
        let mode = facts.permissions().mode();
        if mode & 0o077 == 0 || mode & 0o1000 != 0 || !(facts.is_file() || facts.is_dir()) {
            return;
        }
        let narrower = std::fs::Permissions::from_mode(mode & 0o700);
        match std::fs::set_permissions(path, narrower) {
            Ok(()) => tracing::warn!(
                path = %path.display(),
                "other users of this computer could read this; now only its owner can"
            ),
            Err(error) => tracing::warn!(
                path = %path.display(), %error,
                "other users of this computer can read this; chmod it to 600 (a folder: 700)"
            ),
        }
    }
}

/// Writes a file that only its owner may read. When this returns, it is on the disk, whole. `replace` says whether a
/// file of this name is replaced.
///
/// # Errors
/// `AlreadyExists` if there is one and it is not replaced.
pub fn write(path: &Path, bytes: &[u8], replace: bool) -> io::Result<()> {
    let part = with_suffix(path, &format!(".{}.part", std::process::id()));
    // Left by a process of this number that was killed.
    let _ = std::fs::remove_file(&part);
    let written = create_new(&part).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()?;
        if replace {
            std::fs::rename(&part, path)
        } else {
            // A link never replaces a file.
            std::fs::hard_link(&part, path)
        }
    });
    let _ = std::fs::remove_file(&part);
    written?;
    sync_folder(path)
}

/// On Unix a new name is on the disk once its folder is.
pub fn sync_folder(path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    if let Some(folder) = path.parent() {
        let folder = if folder.as_os_str().is_empty() {
            Path::new(".")
        } else {
            folder
        };
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}
