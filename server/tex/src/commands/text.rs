//! Commands that shape prose: styles, references, links, lists, and what a formula may not hold.

use super::command::Maths::{Alphabet, Begin, Drop, DropForSpace, End, Refuse, Text};
use super::command::Plain::{EnvironmentEdge, Omit, OmitInFormula, Silent, Words};
use super::command::Prose::{
    Argument, Color, Colored, Emphasis, Environment, Footnote, Href, Invisible, Italic, Item, Link, Preamble,
    Reference, Script, Skip,
};
use super::command::{Command, command, means, written};

/// Commands that shape prose.
pub(super) const TEXT: &[Command] = &[
    command("Cref autoref citealp citeauthor citeyear cref footnotemark pageref").prose(Reference),
    command(
        "DeclareMathOperator catcode csname def edef gdef include includegraphics input let \
        newcommand newenvironment providecommand renewcommand require usepackage write xdef",
    )
    .maths(Refuse),
    written(
        "Huge LARGE Large bfseries centering footnotesize huge large noindent normalfont normalsize \
        protect rmfamily scriptsize small tiny upshape xspace",
        "",
    )
    .prose(Invisible),
    command("bbox class cssId style tag")
        .maths(Drop)
        .plain(OmitInFormula),
    command("begin")
        .prose(Environment)
        .maths(Begin)
        .plain(EnvironmentEdge),
    command("bf").prose(Invisible).maths(Alphabet("bf")).plain(Silent),
    command("bigskip maketitle medskip scshape sffamily smallskip ttfamily").prose(Invisible),
    command("cite label ref").prose(Reference).maths(Drop).plain(Omit),
    command("citep citet thanks").prose(Reference).maths(Drop),
    command("color").prose(Color).maths(Drop).plain(Omit),
    command("colorbox htmlClass htmlData htmlId htmlStyle hyperref mathchoice").maths(Drop),
    command("documentclass").prose(Preamble).maths(Refuse),
    written("em sl", "\\it ").prose(Italic),
    command("emph textit")
        .prose(Emphasis)
        .maths(Text("textit"))
        .plain(Words),
    command("end")
        .prose(Environment)
        .maths(End)
        .plain(EnvironmentEdge),
    written("ensuremath", "").prose(Argument),
    command("eqref").prose(Reference).maths(Drop).plain(OmitInFormula),
    command("fbox intertext mathtext vbox").maths(Text("text")),
    command("footnote").prose(Footnote).maths(Drop),
    command("hbox mbox text textmd textnormal textrm textsc textup")
        .prose(Argument)
        .maths(Text("text"))
        .plain(Words),
    command("href").prose(Href).maths(Drop).plain(Omit),
    command("hspace").prose(Skip).maths(DropForSpace).plain(Omit),
    command("it").prose(Italic).maths(Alphabet("it")).plain(Silent),
    command("item").prose(Item),
    written("itshape", "").prose(Italic),
    command("mathrm paragraph section sout title uline uppercase").prose(Argument),
    command("nolinkurl path").prose(Link).maths(Text("texttt")),
    command("rm").prose(Invisible).maths(Alphabet("rm")).plain(Silent),
    written("sc", "\\rm ").prose(Invisible),
    command("sf").prose(Invisible).maths(Alphabet("sf")).plain(Silent),
    command("slshape").prose(Italic),
    command("textbf")
        .prose(Argument)
        .maths(Text("textbf"))
        .plain(Words),
    command("textcolor")
        .prose(Colored)
        .maths(Drop)
        .plain(OmitInFormula),
    command("textsf")
        .prose(Argument)
        .maths(Text("textsf"))
        .plain(Words),
    command("textsl").prose(Emphasis).maths(Text("textit")),
    written("textsubscript", "_").prose(Script('_')),
    written("textsuperscript", "^").prose(Script('^')),
    command("texttt")
        .prose(Argument)
        .maths(Text("texttt"))
        .plain(Words),
    command("tt").prose(Invisible).maths(Alphabet("tt")).plain(Silent),
    means("ul", "\\underline ").prose(Argument),
    command("underline").prose(Argument).plain(Silent),
    command("url").prose(Link).maths(Text("texttt")).plain(Words),
    command("vskip").prose(Skip).maths(Drop),
    command("vspace").prose(Skip).maths(Drop).plain(Omit),
];
