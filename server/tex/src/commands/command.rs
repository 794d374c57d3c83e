//! What a row of the table says about a command.

/// A command of TeX, or several that mean the same everywhere.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Command {
    /// Without backslashes, separated by spaces and sorted.
    pub names: &'static str,
    /// What it looks like in Unicode.
    pub symbol: Option<Symbol>,
    /// What it does outside formulas. `None` shows the symbol, or the command as it was written.
    pub prose: Option<Prose>,
    /// How it is rewritten for the MathML library. `None` leaves it as it is.
    pub maths: Option<Maths>,
    /// How it reads in a formula of plain text. `None` shows the symbol, or else what `maths` says.
    pub plain: Option<Plain>,
}

/// The Unicode form of a command.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Symbol {
    /// A Greek letter.
    Greek(&'static str),
    /// A sign of mathematics. In plain text, a space before it is repeated after it.
    Sign(&'static str),
    /// A sign that belongs to what follows it. In plain text, no space is put after it.
    TightSign(&'static str),
    /// A letter or sign of prose.
    Letter(&'static str),
}

impl Symbol {
    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::Greek(text) | Self::Sign(text) | Self::TightSign(text) | Self::Letter(text) => text,
        }
    }

    /// Whether it is a symbol of formulas, not only of prose.
    pub(crate) fn is_of_maths(self) -> bool {
        !matches!(self, Self::Letter(_))
    }
}

/// What a command does in prose.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Prose {
    /// Shows its argument in italics.
    Emphasis,
    /// Shows its argument.
    Argument,
    /// Switches to italics up to the end of the group.
    Italic,
    /// Shows nothing and takes the spaces after it.
    Invisible,
    /// Shows nothing; its argument and the space before it go as well.
    Reference,
    /// Shows its argument after a space.
    Footnote,
    /// Shows its argument as a superscript (`^`) or subscript (`_`).
    Script(char),
    /// Shows a space instead of its argument.
    Skip,
    /// Links to its argument.
    Link,
    /// Links to its first argument under the text of its second.
    Href,
    /// Begins or ends an environment: shows a space.
    Environment,
    /// Begins a document of a publisher: everything up to its end is dropped.
    Preamble,
    /// Changes the colour: its argument is dropped.
    Color,
    /// Shows its second argument; the first is a colour.
    Colored,
    /// Begins an item of a list.
    Item,
    /// Shows a space.
    Blank,
}

/// How a command is rewritten for the MathML library.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Maths {
    /// Its argument is text in this style.
    Text(&'static str),
    /// It goes, with its argument: links, ids and classes must not reach the page.
    Drop,
    /// It becomes a space; its argument goes.
    DropForSpace,
    /// Its argument is the number of a character.
    CodePoint,
    /// It begins an environment.
    Begin,
    /// It ends an environment.
    End,
    /// Its argument stands between these.
    Fence(&'static str, &'static str),
    /// Its argument is lines above each other.
    Stack,
    /// Its argument is the name of an operator.
    OperatorName,
    /// It sizes the bracket after it, which may be `<` or `>`.
    Delimiter,
    /// It puts scripts above and below an operator, and is dropped after a group.
    Limits,
    /// It switches fonts. Before an argument it becomes `\math` and this.
    Alphabet(&'static str),
    /// The formula cannot be set.
    Refuse,
    /// It is a macro with this TeX as its definition. The library gets the definition.
    Means(&'static str),
    /// It is replaced by this TeX before the library expands macros. The library must see these early: scripts,
    /// primes, font switches, and commands that show nothing.
    Written(&'static str),
    /// Its name is set upright, as an operator.
    Upright,
}

/// How a command reads in a formula of plain text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Plain {
    /// A function: its name, with a gap after it.
    Function,
    /// Two arguments with a slash between them.
    Fraction,
    /// Two arguments in `binom(…, …)`.
    Binomial,
    /// Its second argument, with the first as a superscript.
    Over,
    /// Its second argument, with the first as a subscript.
    Under,
    /// A root sign, with the index before it.
    Root,
    /// Nothing; its argument is dropped, also inside `\text`.
    Omit,
    /// Nothing; its argument is dropped, but inside `\text` it is shown.
    OmitInFormula,
    /// The edge of an environment: a space.
    EnvironmentEdge,
    /// Nothing, and a full stop after it is an invisible bracket.
    BracketSize,
    /// Its argument in double-struck letters.
    Blackboard,
    /// Its argument is text.
    Words,
    /// Its argument is the name of an operator.
    Name,
    /// Strikes through the sign after it.
    Negation,
    /// Its argument in `(mod …)`.
    Modulus,
    /// A space.
    Gap,
    /// Puts this accent of prose on its argument.
    Accent(char),
    /// Nothing; its argument is shown.
    Silent,
}

/// A row that the methods below fill in.
pub(super) const fn command(names: &'static str) -> Command {
    Command {
        names,
        symbol: None,
        prose: None,
        maths: None,
        plain: None,
    }
}

/// A command that stands for other TeX.
pub(super) const fn means(names: &'static str, tex: &'static str) -> Command {
    command(names).maths(Maths::Means(tex))
}

/// A command that is written as other TeX.
pub(super) const fn written(names: &'static str, tex: &'static str) -> Command {
    command(names).maths(Maths::Written(tex))
}

/// An operator that authors set upright under a macro of the same name.
pub(super) const fn upright(names: &'static str) -> Command {
    command(names).maths(Maths::Upright)
}

/// A function such as `\log`.
pub(super) const fn function(names: &'static str) -> Command {
    command(names).plain(Plain::Function)
}

/// A Greek letter.
pub(super) const fn greek(names: &'static str, text: &'static str) -> Command {
    command(names).symbol(Symbol::Greek(text))
}

/// A sign of mathematics.
pub(super) const fn sign(names: &'static str, text: &'static str) -> Command {
    command(names).symbol(Symbol::Sign(text))
}

/// A sign that belongs to what follows it.
pub(super) const fn tight_sign(names: &'static str, text: &'static str) -> Command {
    command(names).symbol(Symbol::TightSign(text))
}

/// A letter or sign of prose.
pub(super) const fn letter(names: &'static str, text: &'static str) -> Command {
    command(names).symbol(Symbol::Letter(text))
}

impl Command {
    const fn symbol(mut self, symbol: Symbol) -> Self {
        self.symbol = Some(symbol);
        self
    }

    pub(super) const fn prose(mut self, prose: Prose) -> Self {
        self.prose = Some(prose);
        self
    }

    pub(super) const fn maths(mut self, maths: Maths) -> Self {
        self.maths = Some(maths);
        self
    }

    pub(super) const fn plain(mut self, plain: Plain) -> Self {
        self.plain = Some(plain);
        self
    }
}
