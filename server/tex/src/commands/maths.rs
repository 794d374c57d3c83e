//! Structures of formulas: fractions, accents, functions, brackets.

use super::command::Maths::{Alphabet, CodePoint, Delimiter, Fence, Limits, OperatorName, Stack};
use super::command::Plain::{
    Accent, Binomial, Blackboard, BracketSize, Fraction, Function, Modulus, Name, Negation, OmitInFormula,
    Over, Root, Silent, Under,
};
use super::command::{Command, command, function, means, written};

/// Structures of formulas.
pub(super) const MATHS: &[Command] = &[
    command("Bbb mathbb").plain(Blackboard),
    command("Bra bra").maths(Fence("\\langle ", "|")),
    command("Braket braket").maths(Fence("\\langle ", "\\rangle ")),
    command("Ket ket").maths(Fence("|", "\\rangle ")),
    function(
        "Pr arccos arcsin arctan arg argmax argmin bmod cos cosh cot coth csc det dim exp gcd hom inf \
        ker lg lim liminf limsup ln log max min mod sec sin sinh sup tan tanh",
    ),
    command("abs").maths(Fence("|", "|")),
    command("acute").plain(Accent('\'')),
    command("angles").maths(Fence("\\langle ", "\\rangle ")),
    command("bar").plain(Accent('=')),
    means("bb mathbbm mathds", "\\mathbb ").plain(Blackboard),
    written("bcancel cancel xcancel", "").plain(Silent),
    command("binom dbinom tbinom").plain(Binomial),
    command(
        "bm bold boldsymbol boxed hphantom hskip kern mkern over overbrace overline phantom \
        scriptstyle textstyle underbrace vec vphantom",
    )
    .plain(Silent),
    command("breve").plain(Accent('u')),
    command("cal").maths(Alphabet("cal")).plain(Silent),
    command("ceil ceiling").maths(Fence("\\lceil ", "\\rceil ")),
    command("cfrac dfrac frac tfrac").plain(Fraction),
    command("check").plain(Accent('v')),
    command("ddot").plain(Accent('"')),
    written("displaystyle", "").plain(Silent),
    command("dot").plain(Accent('.')),
    means("flatfrac nicefrac sfrac", "\\tfrac ").plain(Fraction),
    command("floor").maths(Fence("\\lfloor ", "\\rfloor ")),
    means("frak", "\\mathfrak ").plain(Silent),
    command("grave").plain(Accent('`')),
    command("hat widehat").plain(Accent('^')),
    command("left right").maths(Delimiter).plain(BracketSize),
    command("limits").maths(Limits).plain(Silent),
    command("mathring").plain(Accent('r')),
    command("middle").plain(BracketSize),
    command("mit").maths(Alphabet("it")),
    command("mspace").plain(OmitInFormula),
    command("norm").maths(Fence("\\|", "\\|")),
    command("not").plain(Negation),
    command("operatorname").maths(OperatorName).plain(Name),
    command("overset stackbin stackrel").plain(Over),
    command("paren").maths(Fence("(", ")")),
    command("pmod").plain(Modulus),
    written("qty", ""),
    command("set").maths(Fence("\\{", "\\}")),
    command("sqrt").plain(Root),
    command("substack").maths(Stack),
    command("tilde").plain(Accent('~')),
    command("underset").plain(Under),
    command("unicode").maths(CodePoint),
    means("varliminf", "\\liminf ").plain(Function),
    means("varlimsup", "\\limsup ").plain(Function),
    means("widetilde", "\\tilde ").plain(Accent('~')),
];
