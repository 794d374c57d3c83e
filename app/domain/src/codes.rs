//! A macro for closed sets of values that have a code in URLs, forms and tables, and a label for people.

/// A code that is not in its set.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{text}” is not a valid value: it must be one of {known}")]
pub struct UnknownCode {
    /// What was found instead of a code, shortened to 40 characters.
    pub text: String,
    /// All codes of the set, with commas between them.
    pub known: String,
}

/// Gives an enum `ALL`, `code()`, `label()`, `Display` (the code) and `FromStr` (from the code).
macro_rules! codes {
    ($type:ident { $($variant:ident = $code:literal, $label:literal;)+ }) => {
        impl $type {
            /// Every value, in the order in which they are offered.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// Its text in URLs, forms and tables.
            pub fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }

            /// Its text for people.
            pub fn label(self) -> &'static str {
                match self { $(Self::$variant => $label),+ }
            }
        }

        impl std::str::FromStr for $type {
            type Err = crate::codes::UnknownCode;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::ALL.iter().copied().find(|value| value.code() == text).ok_or_else(|| {
                    crate::codes::UnknownCode {
                        text: text.chars().take(40).collect(),
                        known: [$($code),+].join(", "),
                    }
                })
            }
        }

        impl std::fmt::Display for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.code())
            }
        }
    };
}
