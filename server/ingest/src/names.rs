//! The names of authors as sources write them.

use domain::text::one_line;

/// A name on one line, with letters instead of TeX accents.
pub fn display_name(name: &str) -> String {
    one_line(&tex::plain(name))
}

/// Splits "A. One, B. Two (Somewhere, Else) and C. Three" at its commas and its "and". Parentheses contain affiliations
/// and are left out.
pub fn split_names(joined: &str) -> Vec<String> {
    let mut depth = 0_u32;
    let flat: String = joined
        .chars()
        .filter(|c| match c {
            '(' => {
                depth += 1;
                false
            }
            ')' => {
                depth = depth.saturating_sub(1);
                false
            }
            _ => depth == 0,
        })
        .collect();
    flat.replace(" and ", ", ")
        .split(',')
        .map(|name| display_name(name.trim().strip_prefix("and ").unwrap_or(name)))
        .filter(|name| name.chars().any(char::is_alphabetic))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_split_and_affiliations_are_left_out() {
        assert_eq!(
            split_names("C. Bal\\'azs, E. L. Berger (Argonne, IL) and C.-P. Yuan"),
            ["C. Balázs", "E. L. Berger", "C.-P. Yuan"]
        );
    }
}
