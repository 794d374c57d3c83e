//! People's names as sources write them.

use domain::text::one_line;

/// A name on one line, its TeX accents as letters.
pub fn display_name(name: &str) -> String {
    one_line(&tex::plain(name))
}

/// Splits "A. One, B. Two (Somewhere, Else) and C. Three" at its commas and "and", but not inside parentheses,
/// which hold affiliations and are left out.
pub fn joined_names(joined: &str) -> Vec<String> {
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
    fn joined_authors_are_split_outside_their_affiliations() {
        assert_eq!(
            joined_names("C. Bal\\'azs, E. L. Berger (Argonne, IL) and C.-P. Yuan"),
            ["C. Balázs", "E. L. Berger", "C.-P. Yuan"]
        );
    }
}
