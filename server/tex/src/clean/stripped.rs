//! Restores commands that lost their backslash: Hugging Face writes `1.50times` for `1.50$\times$`.

use crate::steps;

/// The replacement of a command, and how many bytes of the text it replaces.
type Restored = (&'static str, usize);

/// Commands whose argument follows in braces. Their names are not words, so a brace after one always
/// begins an argument.
const WITH_ARGUMENT: [&str; 13] = [
    "\\emph{",
    "\\mathbb{",
    "\\mathbf{",
    "\\mathcal{",
    "\\mathrm{",
    "\\operatorname{",
    "\\text{",
    "\\textbf{",
    "\\textit{",
    "\\textrm{",
    "\\textsc{",
    "\\textsf{",
    "\\texttt{",
];

/// Signs whose names are not words in the languages of abstracts.
const SIGNS: [(&str, &str); 5] = [
    ("cdot", "·"),
    ("geq", "≥"),
    ("infty", "∞"),
    ("leq", "≤"),
    ("rightarrow", "→"),
];

/// The text with its stripped commands restored, as signs or as commands. `None` if it has none.
///
/// Only text that cannot be a word is restored: `3 times` and `sometimes` stay. URLs stay as well.
pub(super) fn restore(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let mut restored: Option<String> = None;
    let (mut at, mut done) = (0, 0);
    while let Some(length) = next_beginning(&bytes[at..]) {
        at += length;
        steps::count(length + 1);
        if bytes[at] == b':' {
            at += text[at..].find(char::is_whitespace).unwrap_or(text.len() - at);
            continue;
        }
        let before = match at.checked_sub(1) {
            // A sign was just restored here, as in `360^circtimes180`.
            Some(_) if at == done => b'0',
            Some(before) => bytes[before],
            None => b' ',
        };
        let is_word = bytes[at] == b'^' || (!is_letter(before) && before != b'\\');
        let Some((sign, length)) = is_word.then(|| command(&text[at..], before)).flatten() else {
            at += 1;
            continue;
        };
        let out = restored.get_or_insert_with(|| String::with_capacity(text.len()));
        out.push_str(&text[done..at]);
        out.push_str(sign);
        at += length;
        done = at;
    }
    let mut out = restored?;
    out.push_str(&text[done..]);
    Some(out)
}

/// Byte of the next place where a command, or the `://` of a URL, may begin.
fn next_beginning(bytes: &[u8]) -> Option<usize> {
    bytes.windows(3).position(|window| {
        BEGINNINGS[0][usize::from(window[0])]
            & BEGINNINGS[1][usize::from(window[1])]
            & BEGINNINGS[2][usize::from(window[2])]
            != 0
    })
}

/// For each of three bytes, a bit set of the beginnings that have it there. Every text is searched, so this
/// must be fast: comparing words one by one is too slow.
static BEGINNINGS: [[u16; 256]; 3] = {
    let beginnings: [&[u8; 3]; 16] = [
        b"://", b"^ci", b"^{c", b"app", b"cdo", b"ell", b"emp", b"geq", b"inf", b"leq", b"mat", b"ope",
        b"rig", b"sim", b"tex", b"tim",
    ];
    let mut table = [[0; 256]; 3];
    let mut index = 0;
    while index < beginnings.len() {
        let mut place = 0;
        while place < 3 {
            table[place][beginnings[index][place] as usize] |= 1 << index;
            place += 1;
        }
        index += 1;
    }
    table
};

/// The stripped command at the beginning of `rest`, if there is one. `before` is the byte before it.
fn command(rest: &str, before: u8) -> Option<Restored> {
    let after = |name: &str| {
        rest.strip_prefix(name)
            .map(|after| after.bytes().next().unwrap_or(b' '))
    };
    let after_digit = before.is_ascii_digit();
    if let Some(command) = WITH_ARGUMENT
        .into_iter()
        .find(|command| rest.starts_with(&command[1..]))
    {
        return Some((command, command.len() - 1));
    }
    match rest.as_bytes()[0] {
        b'^' if after_digit => degree(rest),
        b't' => {
            let next = after("times")?;
            // `10times faster` and `times3.2`, but not `times` or `10timesteps`.
            let is_sign = if after_digit {
                !is_letter(next) || next.is_ascii_uppercase() || rest[5..].starts_with("sim")
            } else {
                next.is_ascii_digit()
            };
            is_sign.then_some(("×", 5))
        }
        // `sim20%` and `1sim4`, but not `sim2real`.
        b's' => {
            let is_number = after("sim")?.is_ascii_digit();
            let is_name =
                rest.starts_with("sim2") && rest[4..].starts_with(|c: char| c.is_ascii_alphabetic());
            (is_number && (!is_name || rest[4..].starts_with("times"))).then_some(("∼", 3))
        }
        b'a' => after("approx")?.is_ascii_digit().then_some(("≈", 6)),
        b'e' => matches!(after("ell_")?, b'{' | b'0'..=b'9').then_some(("ℓ", 3)),
        _ => {
            let (name, sign) = SIGNS.iter().find(|(name, _)| rest.starts_with(name))?;
            let next = after(name)?;
            // `-` joins a name, as in `infty-RoPE`. The other characters continue a path or a file name.
            let is_free = !is_letter(next) && !b"_/.=}".contains(&next) && !b"_/.={".contains(&before);
            is_free.then_some((*sign, name.len()))
        }
    }
}

/// `^circ` or `^{circ}` after a number.
fn degree(rest: &str) -> Option<Restored> {
    let length = ["^{circ}", "^circ"]
        .into_iter()
        .find(|form| rest.starts_with(form))?
        .len();
    let after = &rest[length..];
    let ends = !after.starts_with(|c: char| c.is_ascii_lowercase()) || after.starts_with("times");
    ends.then_some(("°", length))
}

/// Whether the byte is a letter, or part of one.
fn is_letter(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || !byte.is_ascii()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_without_a_backslash_are_restored() {
        for (text, expected) in [
            ("a 1.50times speedup", "a 1.50× speedup"),
            ("2times faster, up to 8.2times.", "2× faster, up to 8.2×."),
            ("10times10 and 64times64times4", "10×10 and 64×64×4"),
            ("on 8timesA800 GPUs", "on 8×A800 GPUs"),
            ("up to times3.23", "up to ×3.23"),
            ("by 15timessim50times", "by 15×∼50×"),
            (
                "1sim4 steps, only sim20% of (sim100B)",
                "1∼4 steps, only ∼20% of (∼100B)",
            ),
            ("a sim2times gain", "a ∼2× gain"),
            ("approx20%", "≈20%"),
            ("(leq3B) and geq 90%", "(≤3B) and ≥ 90%"),
            ("(0.73rightarrow0.90), x rightarrow y", "(0.73→0.90), x → y"),
            ("infty-RoPE", "∞-RoPE"),
            ("O(N cdot T)", "O(N · T)"),
            ("360^circ, 360^circtimes180^{circ}", "360°, 360°×180°"),
            ("the ell_1 norm", "the ℓ_1 norm"),
            (
                "Dual-texttt{H}ead mathcal{O}(n)",
                "Dual-\\texttt{H}ead \\mathcal{O}(n)",
            ),
        ] {
            assert_eq!(restore(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn words_stay() {
        for text in [
            "3 times, sometimes and at times",
            "timestamps",
            "10timesteps",
            "sim2real and sim-to-real",
            "simple",
            "approx 0.8",
            "approximately",
            "a text",
            "text-to-image",
            "in the context{1}",
            "\\times 3",
            "5\\times",
            "10\\,\\sim5",
            "cdots",
            "https://a.org/10times",
            "see https://a.org/x_rightarrow/leq",
            "foo_infty",
            "wells_1",
            "Times3",
            "é10é",
            "circ",
            "^circ",
            "x^circ",
        ] {
            assert_eq!(restore(text), None, "{text}");
        }
    }
}
