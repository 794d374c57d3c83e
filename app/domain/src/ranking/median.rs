//! The typical gain.

/// The median of the gains above zero, or `floor` if that is greater or there are none.
pub fn median(gains: &mut Vec<f64>, floor: f64) -> f64 {
    gains.retain(|gain| gain.is_finite() && *gain > 0.0);
    if gains.is_empty() {
        return floor;
    }
    gains.sort_by(f64::total_cmp);
    let middle = gains.len() / 2;
    let median = if gains.len() % 2 == 1 {
        gains[middle]
    } else {
        (gains[middle - 1] + gains[middle]) / 2.0
    };
    median.max(floor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_median_ignores_zeros_and_is_never_below_its_floor() {
        assert_eq!(median(&mut vec![0.0, 0.0], 3.0), 3.0);
        assert_eq!(median(&mut vec![0.0, 1.0, 2.0], 3.0), 3.0);
        assert_eq!(median(&mut vec![8.0, 4.0, 0.0, 6.0], 3.0), 6.0);
        assert_eq!(median(&mut vec![4.0, f64::NAN, 8.0], 3.0), 6.0);
    }
}
