//! How a command says that it failed.

use std::process::ExitCode;

/// Exit code 0 for success, 1 for failure.
pub fn exit_code(success: bool) -> ExitCode {
    if success {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// An error with its causes, in one line. A cause that the text before it already contains is left out: database errors
/// repeat their cause.
pub fn describe(error: &anyhow::Error) -> String {
    let mut text = String::new();
    for cause in error.chain() {
        let cause = cause.to_string();
        if text.contains(&cause) {
            continue;
        }
        if !text.is_empty() {
            text.push_str(": ");
        }
        text.push_str(&cause);
    }
    text
}

#[cfg(test)]
mod tests {
    use anyhow::anyhow;

    use super::*;

    #[test]
    fn a_cause_is_not_printed_twice() {
        let error = anyhow!("(code: 14) unable to open database file")
            .context("the database failed: (code: 14) unable to open database file")
            .context("cannot open x.db");
        assert_eq!(
            describe(&error),
            "cannot open x.db: the database failed: (code: 14) unable to open database file"
        );
    }
}
