//! Lists without memory of their own: a slice when this end made them, checked bytes when they came in. There is
//! no way to change one.

use crate::{DecodeError, Reader};
use core::fmt;

/// What a [`List`] can hold. Implemented here for the builtin types and by the generated code for the spec's.
pub trait Element<'a>: Copy {
    /// Reads one element that was checked before; only what every body must guarantee is looked at again.
    ///
    /// # Errors
    /// None for elements that were checked.
    fn read(input: &mut Reader<'a>) -> Result<Self, DecodeError>;
}

/// A list of a message.
pub struct List<'a, T> {
    repr: Repr<'a, T>,
}

enum Repr<'a, T> {
    Items(&'a [T]),
    Encoded { count: usize, bytes: &'a [u8] },
}

impl<T> Clone for Repr<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Repr<'_, T> {}

impl<'a, T> List<'a, T> {
    /// The list of these elements.
    pub const fn new(items: &'a [T]) -> Self {
        Self {
            repr: Repr::Items(items),
        }
    }

    pub(crate) fn from_encoded(count: usize, bytes: &'a [u8]) -> Self {
        Self {
            repr: Repr::Encoded { count, bytes },
        }
    }

    /// Number of elements.
    pub fn len(&self) -> usize {
        match self.repr {
            Repr::Items(items) => items.len(),
            Repr::Encoded { count, .. } => count,
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl<'a, T: Element<'a>> List<'a, T> {
    /// The elements, from the first on.
    pub fn iter(&self) -> ListIter<'a, T> {
        ListIter(*self)
    }
}

/// The elements of a [`List`] that are still to come.
pub struct ListIter<'a, T>(List<'a, T>);

impl<'a, T: Element<'a>> Iterator for ListIter<'a, T> {
    type Item = T;

    fn next(&mut self) -> Option<T> {
        match &mut self.0.repr {
            Repr::Items(items) => {
                let (first, rest) = items.split_first()?;
                *items = rest;
                Some(*first)
            }
            Repr::Encoded { count, bytes } => {
                *count = count.checked_sub(1)?;
                let mut input = Reader::new(bytes);
                let item = T::read(&mut input).ok();
                *bytes = bytes.get(bytes.len() - input.len()..).unwrap_or_default();
                item
            }
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.0.len(), Some(self.0.len()))
    }
}

impl<'a, T: Element<'a>> IntoIterator for List<'a, T> {
    type Item = T;
    type IntoIter = ListIter<'a, T>;

    fn into_iter(self) -> ListIter<'a, T> {
        self.iter()
    }
}

impl<'a, T> From<&'a [T]> for List<'a, T> {
    fn from(items: &'a [T]) -> Self {
        Self::new(items)
    }
}

impl<T> Default for List<'_, T> {
    fn default() -> Self {
        Self::new(&[])
    }
}

impl<T> Clone for List<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for List<'_, T> {}

impl<'a, T: Element<'a> + PartialEq> PartialEq for List<'a, T> {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().eq(other.iter())
    }
}

impl<'a, T: Element<'a> + Eq> Eq for List<'a, T> {}

impl<'a, T: Element<'a> + fmt::Debug> fmt::Debug for List<'a, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

#[cfg(feature = "defmt")]
impl<'a, T: Element<'a> + defmt::Format> defmt::Format for List<'a, T> {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "[");
        for item in self.iter() {
            defmt::write!(f, "{}, ", item);
        }
        defmt::write!(f, "]");
    }
}

macro_rules! elements {
    ($($kind:ty: $method:ident),* $(,)?) => {$(
        impl<'a> Element<'a> for $kind {
            fn read(input: &mut Reader<'a>) -> Result<Self, DecodeError> {
                input.$method(ELEMENT)
            }
        }
    )*};
}

/// Stands for a field's name in errors that cannot happen to checked elements.
const ELEMENT: &str = "element";

elements!(bool: bool, u8: u8, u16: u16, u32: u32, u64: u64, i8: i8, i16: i16, i32: i32, i64: i64);

impl<'a> Element<'a> for &'a str {
    fn read(input: &mut Reader<'a>) -> Result<Self, DecodeError> {
        input.str(ELEMENT, usize::MAX)
    }
}

impl<'a> Element<'a> for &'a [u8] {
    fn read(input: &mut Reader<'a>) -> Result<Self, DecodeError> {
        input.bytes(ELEMENT, usize::MAX)
    }
}

impl<'a, T: Element<'a>> Element<'a> for Option<T> {
    fn read(input: &mut Reader<'a>) -> Result<Self, DecodeError> {
        if input.bool(ELEMENT)? {
            T::read(input).map(Some)
        } else {
            Ok(None)
        }
    }
}

impl<'a, T: Element<'a>> Element<'a> for List<'a, T> {
    fn read(input: &mut Reader<'a>) -> Result<Self, DecodeError> {
        input.list(ELEMENT, usize::MAX, T::read)
    }
}
