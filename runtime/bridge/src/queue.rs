//! Taking one element out of the middle of a bounded list, in order and without an index that could be wrong.

use heapless::Vec;

/// Removes the first element that fits; the order of the others stays.
pub(crate) fn take<T, const N: usize>(list: &mut Vec<T, N>, which: impl FnMut(&T) -> bool) -> Option<T> {
    let position = list.iter().position(which)?;
    Some(list.remove(position))
}
