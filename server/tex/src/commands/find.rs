//! Finds the row of a command.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::authors::AUTHORS;
use super::command::{Command, Symbol};
use super::greek::GREEK;
use super::letters::LETTERS;
use super::maths::MATHS;
use super::signs::{ARROWS, OPERATORS, OTHERS, RELATIONS};
use super::text::TEXT;

/// The parts of the table.
const PARTS: [&[Command]; 9] = [
    GREEK, RELATIONS, OPERATORS, ARROWS, OTHERS, LETTERS, TEXT, MATHS, AUTHORS,
];

static BY_NAME: LazyLock<HashMap<&'static str, &'static Command>> = LazyLock::new(|| {
    let rows = PARTS.into_iter().flatten();
    rows.flat_map(|row| row.names.split(' ').map(move |name| (name, row)))
        .collect()
});

/// The row of a command, named without its backslash.
pub(crate) fn find(name: &str) -> Option<&'static Command> {
    BY_NAME.get(name).copied()
}

/// Whether the command only changes a font or the size of a bracket.
pub(crate) fn is_font_or_size(name: &str) -> bool {
    match name.strip_prefix("math") {
        Some(font) => matches!(
            font,
            "bb" | "bf"
                | "bfit"
                | "bfsf"
                | "bin"
                | "bold"
                | "cal"
                | "clap"
                | "close"
                | "default"
                | "frak"
                | "inner"
                | "it"
                | "llap"
                | "normal"
                | "op"
                | "open"
                | "ord"
                | "pzc"
                | "punct"
                | "rel"
                | "rlap"
                | "rm"
                | "scr"
                | "sf"
                | "sfit"
                | "strut"
                | "tt"
                | "up"
        ),
        None => matches!(
            name.strip_prefix(['b', 'B']),
            Some("ig" | "igg" | "igl" | "igr" | "igm" | "iggl" | "iggr" | "iggm")
        ),
    }
}

/// Every command with its table row.
pub(super) fn all() -> impl Iterator<Item = (&'static str, &'static Command)> {
    BY_NAME.iter().map(|(name, row)| (*name, *row))
}

/// What the command looks like in Unicode, whether it is one of formulas or of prose.
pub(crate) fn symbol(name: &str) -> Option<Symbol> {
    find(name)?.symbol
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_is_sorted_by_the_first_name_of_its_rows() {
        for part in PARTS {
            assert!(part.is_sorted_by_key(|row| row.names));
        }
    }

    #[test]
    fn the_names_of_a_row_are_sorted() {
        for row in PARTS.into_iter().flatten() {
            assert!(row.names.split(' ').is_sorted(), "{}", row.names);
        }
    }

    #[test]
    fn no_name_has_two_rows() {
        let names = PARTS.into_iter().flatten().flat_map(|row| row.names.split(' '));
        assert_eq!(names.count(), BY_NAME.len());
    }

    #[test]
    fn every_name_is_made_of_ascii_letters() {
        for name in BY_NAME.keys() {
            let is_control_word = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphabetic());
            assert!(is_control_word, "{name:?}");
        }
    }
}
