//! Finding emails on disk: folders of files, and files that hold many emails.

use std::{
    io,
    path::{Path, PathBuf},
};

use mail_parser::mailbox::mbox::MessageIterator;

/// The emails in a file: those of an mbox, without its “From ” lines and quoting (mboxrd), or the one email that it
/// is. Empty if there is only white space.
pub fn mails(bytes: &[u8]) -> Vec<Vec<u8>> {
    let start = bytes.trim_ascii_start();
    if start.is_empty() {
        Vec::new()
    } else if start.starts_with(b"From ") {
        // Reading from memory cannot fail.
        MessageIterator::new(start)
            .flatten()
            .map(|email| email.unwrap_contents())
            .collect()
    } else {
        vec![bytes.to_vec()]
    }
}

/// The files of a Maildir (its `new` and `cur`, not its `tmp`) or of a plain folder, by name. In a Maildir that is
/// roughly the order of arrival. Hidden files, folders, pipes and links are left out.
pub fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut folders: Vec<PathBuf> = ["new", "cur"].map(|name| folder.join(name)).into();
    folders.retain(|folder| folder.is_dir());
    if folders.is_empty() {
        folders.push(folder.to_owned());
    }
    let mut files = Vec::new();
    for folder in folders {
        for entry in folder.read_dir()? {
            let entry = entry?;
            let name = entry.file_name();
            if entry.file_type()?.is_file() && !name.as_encoded_bytes().starts_with(b".") {
                files.push((name, entry.path()));
            }
        }
    }
    files.sort();
    Ok(files.into_iter().map(|(_, path)| path).collect())
}
