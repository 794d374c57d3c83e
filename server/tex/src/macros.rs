//! Macros that abstracts use though their definitions stayed behind in the paper.

use std::borrow::Cow;

use super::symbols;

/// Names that authors set upright, as an operator, under a macro of the same name.
const OPERATORS: [&str; 87] = [
    "poly", "polylog", "dist", "diag", "supp", "sgn", "sign", "Tr", "tr", "rank", "rk", "Var", "Cov", "Ric",
    "diam", "dom", "Hom", "Aut", "End", "Ext", "Gal", "GL", "SL", "SO", "SU", "PGL", "PSL", "Sp", "Spec",
    "Vol", "vol", "Lip", "Id", "id", "conv", "cone", "Diff", "NP", "coNP", "CoNP", "NC", "PSPACE", "PTIME",
    "curl", "Curl", "grad", "Grad", "divv", "Emb", "loc", "meas", "std", "SVP", "MP", "Pic", "Rey", "esssup",
    "supess", "arccot", "sech", "csch", "Img", "coker", "Ker", "ord", "lcm", "nnz", "Cl", "Map", "Pol", "Ad",
    "ad", "Ch", "ch", "opt", "OPT", "mix", "dB", "eV", "keV", "MeV", "GeV", "TeV", "softmax", "sharpP",
    "astar", "onemax",
];

/// What a macro without arguments stands for, in TeX the library knows. `None` leaves it as it is.
/// A single letter is only replaced where no argument follows it: `\v{s}` is an accent.
pub(super) fn meaning(name: &str, takes_argument: bool) -> Option<Cow<'static, str>> {
    if takes_argument && name.len() == 1 && !matches!(name, "R" | "C" | "N" | "Z" | "Q") {
        return None;
    }
    if OPERATORS.contains(&name) {
        return Some(Cow::Owned(format!("\\operatorname{{{name}}} ")));
    }
    named(name).map(Cow::Borrowed)
}

/// A guess at a macro that nobody knows, from what its name tells: `\cA`, `\calA`, `\Acal`,
/// `\bbR`, `\bfx`, `\bGamma`, `\zbar`. Only for names that are certainly not TeX's: so read,
/// `\beta` were a bold η.
pub(super) fn guess(name: &str, takes_argument: bool) -> Option<String> {
    if takes_argument && name.len() == 1 {
        None
    } else {
        telling(name)
    }
}

fn named(name: &str) -> Option<&'static str> {
    Some(match name {
        "e" | "eps" | "ve" | "vepsi" | "vareps" | "epsi" | "epsln" | "veps" => "\\varepsilon ",
        "ep" | "epsislon" | "epsilson" => "\\epsilon ",
        "a" | "al" => "\\alpha ",
        "ga" => "\\gamma ",
        "Ga" => "\\Gamma ",
        "De" => "\\Delta ",
        "l" | "la" | "lam" => "\\lambda ",
        "La" => "\\Lambda ",
        "s" | "si" => "\\sigma ",
        "Si" => "\\Sigma ",
        "om" => "\\omega ",
        "Om" => "\\Omega ",
        "vphi" => "\\varphi ",
        "k" | "ka" => "\\kappa ",
        "gd" | "dl" | "de" => "\\delta ",
        "nab" => "\\nabla ",
        "pa" | "prt" | "ptl" => "\\partial ",
        "i" => "\\imath ",
        "j" => "\\jmath ",
        "uppi" => "\\mathrm{\\pi}",
        "upmu" | "textmu" => "\\mathrm{\\mu}",
        "RR" | "IR" | "Real" | "real" | "reals" | "R" | "bbr" | "BBR" | "re" | "Ri" => "{\\mathbb{R}}",
        "CC" | "C" | "cnums" | "Complex" | "IC" => "{\\mathbb{C}}",
        "NN" | "N" | "nats" | "natnums" | "IN" => "{\\mathbb{N}}",
        "ZZ" | "Z" | "ints" | "IZ" => "{\\mathbb{Z}}",
        "QQ" | "Q" => "{\\mathbb{Q}}",
        "FF" | "F" | "IF" => "{\\mathbb{F}}",
        "KK" | "K" => "{\\mathbb{K}}",
        "H" | "HH" => "{\\mathbb{H}}",
        "TT" | "T" => "{\\mathbb{T}}",
        "PP" | "IP" => "{\\mathbb{P}}",
        "EE" | "E" | "IE" => "{\\mathbb{E}}",
        "GG" => "{\\mathbb{G}}",
        "Rn" | "rn" => "{\\mathbb{R}^n}",
        "Rd" => "{\\mathbb{R}^d}",
        "one" | "ind" | "1" => "{\\mathbf{1}}",
        "O" | "Oh" | "bigO" | "order" => "{\\mathcal{O}}",
        "L" => "{\\mathcal{L}}",
        "dd" => "\\mathrm{d}",
        "onto" => "\\twoheadrightarrow ",
        "v" => "{\\mathrm{v}}",
        "c" => "{\\mathrm{c}}",
        "o" => "{\\mathrm{o}}",
        "r" => "{\\mathrm{r}}",
        "u" => "{\\mathrm{u}}",
        "AA" => "\\text{Å}",
        "half" => "{\\tfrac{1}{2}}",
        "rr" => "{\\mathbf{r}}",
        "mathds" | "mathbbm" | "mathbbmss" | "varmathbb" => "\\mathbb ",
        "pmb" | "boldmath" | "mathbold" | "bs" | "bolds" | "mathbfit" => "\\boldsymbol ",
        "scr" | "euscr" | "EuScript" | "mathpzc" => "\\mathscr ",
        "bb" => "\\mathbb ",
        "mb" | "mbf" => "\\mathbf ",
        "mc" => "\\mathcal ",
        "fr" | "frak" => "\\mathfrak ",
        "em" | "sl" => "\\it ",
        "sc" => "\\rm ",
        "wt" | "widetilde" | "ti" => "\\tilde ",
        "wh" => "\\widehat ",
        "ol" | "ovl" => "\\overline ",
        "ul" | "unl" => "\\underline ",
        "Acute" => "\\acute ",
        "Hat" => "\\hat ",
        "Bar" => "\\bar ",
        "Tilde" => "\\tilde ",
        "nicefrac" | "sfrac" | "flatfrac" => "\\tfrac ",
        "sp" => "^",
        "sb" => "_",
        "dotsc" | "dotso" | "hdots" => "\\ldots ",
        "dotsb" | "dotsm" | "dotsi" => "\\cdots ",
        "geg" => "\\geq ",
        "leqsim" => "\\lesssim ",
        "geqsim" => "\\gtrsim ",
        "thickapprox" => "\\approx ",
        "thicksim" => "\\sim ",
        "shortparallel" => "\\parallel ",
        "shortmid" => "\\mid ",
        "eqdef" | "defeq" => "\\triangleq ",
        "longmapsfrom" | "mapsfrom" => "\\leftarrow ",
        "varlimsup" => "\\limsup ",
        "varliminf" => "\\liminf ",
        "restriction" => "\\upharpoonright ",
        "bigsqcap" => "\\sqcap ",
        "dsum" => "\\sum ",
        "lra" => "\\longrightarrow ",
        "ra" => "\\rightarrow ",
        "Ra" => "\\Rightarrow ",
        "enskip" => "\\enspace ",
        "hfill" | "hfil" | "eqno" | "leqno" => "\\quad ",
        "cr" => "\\\\",
        "TeX" => "\\text{TeX}",
        "LaTeX" => "\\text{LaTeX}",
        "textless" => "<",
        "textgreater" => ">",
        "textbullet" => "\\bullet ",
        "texttimes" => "\\times ",
        "textpm" => "\\pm ",
        "textmd" => "\\text ",
        "textquotesingle" => "'",
        "textasciitilde" => "\\sim ",
        "texteuro" | "euro" | "EUR" => "\\text{€}",
        "micro" => "\\mathrm{\\mu}",
        "celsius" => "{}^\\circ\\mathrm{C}",
        "arcsec" => "''",
        "arcmin" => "'",
        "sun" | "Sun" | "astrosun" => "\\odot ",
        "earth" | "Earth" => "\\oplus ",
        // Nothing is to be seen of these.
        "displaystyle" | "nonumber" | "notag" | "xspace" | "linebreak" | "nobreak" | "allowbreak"
        | "protect" | "hfuzz" | "noindent" | "par" | "strut" | "mathstrut" | "relax" | "null"
        | "normalfont" | "rmfamily" | "upshape" | "selectfont" | "bfseries" | "itshape" | "tiny"
        | "scriptsize" | "footnotesize" | "small" | "normalsize" | "large" | "Large" | "LARGE" | "huge"
        | "Huge" | "unboldmath" | "centering" | "ensuremath" | "smash" | "scriptscriptstyle" | "nolimits"
        | "arraycolsep" => "",
        _ => return None,
    })
}

fn telling(name: &str) -> Option<String> {
    let is_upper = |text: &str| text.len() == 1 && text.bytes().all(|byte| byte.is_ascii_uppercase());
    if let Some(greek) = name
        .strip_prefix('b')
        .filter(|rest| symbols::greek(rest).is_some())
    {
        return Some(format!("{{\\boldsymbol{{\\{greek}}}}}"));
    }
    for accent in ["bar", "hat", "tilde", "vec", "dot"] {
        if let Some(letter) = name.strip_suffix(accent).filter(|rest| rest.len() == 1) {
            return Some(format!("{{\\{accent}{{{letter}}}}}"));
        }
    }
    if let Some(letter) = name.strip_suffix("cal").filter(|rest| is_upper(rest)) {
        return Some(format!("{{\\mathcal{{{letter}}}}}"));
    }
    let (alphabet, letter) = name.split_at_checked(name.len().checked_sub(1)?)?;
    let font = match alphabet {
        // Only its author knows the alphabet of `\M`; the letter is what can be said.
        "" => "mathrm",
        _ if alphabet == letter && is_upper(letter) => "mathbb",
        "c" | "cal" | "m" | "g" if is_upper(letter) => "mathcal",
        "bb" | "ds" if is_upper(letter) => "mathbb",
        "s" | "scr" if is_upper(letter) => "mathscr",
        "fr" | "frak" | "f" if is_upper(letter) => "mathfrak",
        "b" | "bf" | "bm" | "v" | "vec" | "mathbf" => "mathbf",
        "rm" => "mathrm",
        _ => return None,
    };
    Some(format!("{{\\{font}{{{letter}}}}}"))
}
