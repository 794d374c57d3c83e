//! Names of units and of their prefixes.

/// Prefixes that are macros, with their symbols.
const PREFIXES: [(&str, &str); 33] = [
    ("atto", "a"),
    ("centi", "c"),
    ("deca", "da"),
    ("deci", "d"),
    ("deka", "da"),
    ("exa", "E"),
    ("exbi", "Ei"),
    ("femto", "f"),
    ("gibi", "Gi"),
    ("giga", "G"),
    ("hecto", "h"),
    ("kibi", "Ki"),
    ("kilo", "k"),
    ("mebi", "Mi"),
    ("mega", "M"),
    ("micro", "μ"),
    ("milli", "m"),
    ("mu", "μ"),
    ("nano", "n"),
    ("pebi", "Pi"),
    ("peta", "P"),
    ("pico", "p"),
    ("quecto", "q"),
    ("quetta", "Q"),
    ("ronna", "R"),
    ("ronto", "r"),
    ("tebi", "Ti"),
    ("tera", "T"),
    ("upmu", "μ"),
    ("yocto", "y"),
    ("yotta", "Y"),
    ("zepto", "z"),
    ("zetta", "Z"),
];

/// Units whose symbol differs from their macro name.
const UNITS: [(&str, &str); 94] = [
    ("AA", "Å"),
    ("Omega", "Ω"),
    ("amp", "A"),
    ("ampere", "A"),
    ("angstrom", "Å"),
    ("arcmin", "′"),
    ("arcminute", "′"),
    ("arcsec", "″"),
    ("arcsecond", "″"),
    ("astronomicalunit", "au"),
    ("atomicmassunit", "u"),
    ("barn", "b"),
    ("becquerel", "Bq"),
    ("bel", "B"),
    ("bit", "bit"),
    ("bohr", "a₀"),
    ("byte", "B"),
    ("candela", "cd"),
    ("celsius", "°C"),
    ("clight", "c"),
    ("coulomb", "C"),
    ("curie", "Ci"),
    ("dalton", "Da"),
    ("day", "d"),
    ("decibel", "dB"),
    ("degC", "°C"),
    ("degree", "°"),
    ("degreeCelsius", "°C"),
    ("degreecelsius", "°C"),
    ("degreeFahrenheit", "°F"),
    ("electronmass", "mₑ"),
    ("electronvolt", "eV"),
    ("elementarycharge", "e"),
    ("farad", "F"),
    ("flop", "FLOP"),
    ("gauss", "G"),
    ("gon", "gon"),
    ("gram", "g"),
    ("gray", "Gy"),
    ("hartree", "Eₕ"),
    ("hectare", "ha"),
    ("henry", "H"),
    ("hertz", "Hz"),
    ("hour", "h"),
    ("hr", "h"),
    ("jansky", "Jy"),
    ("joule", "J"),
    ("katal", "kat"),
    ("kelvin", "K"),
    ("kilogram", "kg"),
    ("knot", "kn"),
    ("kohm", "kΩ"),
    ("liter", "L"),
    ("litre", "L"),
    ("lumen", "lm"),
    ("lux", "lx"),
    ("meter", "m"),
    ("metre", "m"),
    ("micron", "μm"),
    ("minute", "min"),
    ("mmHg", "mmHg"),
    ("mole", "mol"),
    ("molar", "M"),
    ("mohm", "mΩ"),
    ("Mohm", "MΩ"),
    ("nauticalmile", "M"),
    ("neper", "Np"),
    ("newton", "N"),
    ("ohm", "Ω"),
    ("parsec", "pc"),
    ("pascal", "Pa"),
    ("percent", "%"),
    ("permille", "‰"),
    ("planckbar", "ℏ"),
    ("radian", "rad"),
    ("sample", "S"),
    ("second", "s"),
    ("siemens", "S"),
    ("sievert", "Sv"),
    ("solarluminosity", "L⊙"),
    ("solarmass", "M⊙"),
    ("solarradius", "R⊙"),
    ("steradian", "sr"),
    ("tesla", "T"),
    ("textdegree", "°"),
    ("textmu", "μ"),
    ("tonne", "t"),
    ("torr", "Torr"),
    ("volt", "V"),
    ("watt", "W"),
    ("weber", "Wb"),
    ("week", "wk"),
    ("wk", "wk"),
    ("year", "yr"),
];

/// The symbol of a prefix such as `\nano`.
pub(super) fn prefix(name: &str) -> Option<&'static str> {
    find(&PREFIXES, name)
}

/// The symbol of a unit such as `\metre`. `None` if the macro name is the symbol, as in `\km`.
pub(super) fn symbol(name: &str) -> Option<&'static str> {
    find(&UNITS, name)
}

fn find(table: &[(&str, &'static str)], name: &str) -> Option<&'static str> {
    table
        .iter()
        .find(|(key, _)| *key == name)
        .map(|(_, symbol)| *symbol)
}

/// The unit after the `u` in `\um`. This `u` stands for μ.
pub(super) fn after_micro(name: &str) -> Option<&str> {
    let unit = name.strip_prefix('u')?;
    matches!(
        unit,
        "A" | "C"
            | "F"
            | "H"
            | "Hz"
            | "J"
            | "K"
            | "L"
            | "N"
            | "Pa"
            | "T"
            | "V"
            | "W"
            | "eV"
            | "g"
            | "l"
            | "m"
            | "mol"
            | "s"
    )
    .then_some(unit)
}
