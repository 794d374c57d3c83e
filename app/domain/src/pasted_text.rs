//! Characters that people paste or type instead of ASCII.

/// The ASCII form of a fullwidth character, as East Asian keyboards type it: `＠` is `@`. Any other character is unchanged.
pub fn ascii_width(c: char) -> char {
    match c {
        // The block repeats ASCII from `!` to `~` in order.
        '\u{ff01}'..='\u{ff5e}' => u8::try_from(u32::from(c) - 0xff01 + 0x21).map_or(c, char::from),
        // The small form of `@`, for vertical text.
        '\u{fe6b}' => '@',
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fullwidth_characters_become_ascii() {
        let ascii: String = "ａｄａ＠ｅｘａｍｐｌｅ．ｏｒｇ！～"
            .chars()
            .map(ascii_width)
            .collect();
        assert_eq!(ascii, "ada@example.org!~");
        assert_eq!(ascii_width('﹫'), '@');
        assert_eq!(ascii_width('。'), '。');
    }
}
