use wasm_encoder::{InstructionSink, MemArg};

/// A local variable by its index.
pub(crate) type Local = u32;

/// Writes instructions on vectors of four 32-bit words. Each method leaves one vector on WebAssembly's stack,
/// unless it says otherwise.
pub(crate) struct Code<'a>(pub(crate) InstructionSink<'a>);

impl Code<'_> {
    /// Pushes a local's value.
    pub(crate) fn get(&mut self, local: Local) -> &mut Self {
        self.0.local_get(local);
        self
    }

    /// Pops the top of the stack into a local.
    pub(crate) fn set(&mut self, local: Local) -> &mut Self {
        self.0.local_set(local);
        self
    }

    /// Pops two vectors and pushes their sums modulo 2^32.
    pub(crate) fn add(&mut self) -> &mut Self {
        self.0.i32x4_add();
        self
    }

    /// Pops two vectors.
    pub(crate) fn xor(&mut self) -> &mut Self {
        self.0.v128_xor();
        self
    }

    /// Pops two vectors.
    pub(crate) fn and(&mut self) -> &mut Self {
        self.0.v128_and();
        self
    }

    /// Pushes the vector at an address plus an offset in bytes.
    pub(crate) fn load(&mut self, address: Local, offset: u64) -> &mut Self {
        self.0.local_get(address).v128_load(MemArg { offset, align: 4, memory_index: 0 });
        self
    }

    /// Pushes a local's word, four times.
    pub(crate) fn splat(&mut self, word: Local) -> &mut Self {
        self.0.local_get(word).i32x4_splat();
        self
    }

    /// Pushes the word at an address plus an offset in bytes, four times.
    pub(crate) fn load_splat(&mut self, address: Local, offset: u64) -> &mut Self {
        self.0.local_get(address).v128_load32_splat(MemArg { offset, align: 2, memory_index: 0 });
        self
    }

    /// Pushes a local's words, rotated to the right.
    fn rotate_right(&mut self, x: Local, by: i32) -> &mut Self {
        self.0.local_get(x).i32_const(by).i32x4_shr_u().local_get(x).i32_const(32 - by).i32x4_shl().v128_or();
        self
    }

    /// Pushes three rotations of a local, xored: Σ0 with 2, 13 and 22, Σ1 with 6, 11 and 25.
    pub(crate) fn sigma(&mut self, x: Local, by: [i32; 3]) -> &mut Self {
        self.rotate_right(x, by[0]).rotate_right(x, by[1]).xor().rotate_right(x, by[2]).xor()
    }
}
