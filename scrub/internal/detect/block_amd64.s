//go:build !purego

#include "go_asm.h"
#include "textflag.h"

// ALL is a constant of 32 bytes: eight of them, four times.
#define ALL(name, eight) \
	DATA name<>+0(SB)/8, eight  \
	DATA name<>+8(SB)/8, eight  \
	DATA name<>+16(SB)/8, eight \
	DATA name<>+24(SB)/8, eight \
	GLOBL name<>(SB), RODATA|NOPTR, $32

// TABLE is a table of sixteen bytes for VPSHUFB, once for each half of a
// register.
#define TABLE(name, low, high) \
	DATA name<>+0(SB)/8, low   \
	DATA name<>+8(SB)/8, high  \
	DATA name<>+16(SB)/8, low  \
	DATA name<>+24(SB)/8, high \
	GLOBL name<>(SB), RODATA|NOPTR, $32

// Bytes are compared as signed numbers, so a range is first moved to the upper
// end of them: 'z' and '9' to 0x7f.
ALL(caseBit, $0x2020202020202020)
ALL(toLetter, $0x0505050505050505)
ALL(belowLetter, $0x6565656565656565)
ALL(toDigit, $0x4646464646464646)
ALL(belowDigit, $0x7575757575757575)
ALL(nibble, $0x0f0f0f0f0f0f0f0f)

// A byte is a sign if the entries of its two halves have a bit in common: 1 in
// row 2 (! $ % +), 2 in rows 4 and D (@ and the first byte of Cyrillic), 4 in
// row 5 (\), 8 in row E (the first byte of some Chinese), 16 in row 1 (escape).
// It is a joint if they have 128 in common: ) * - = : and a 9.
TABLE(signLow, $0x0000090100000102, $0x0000800411808000)
TABLE(signHigh, $0x0000040280811000, $0x0008020000000000)

// The 32 bytes from keep+32-n on keep the first n of 32.
DATA keep<>+0(SB)/8, $0xffffffffffffffff
DATA keep<>+8(SB)/8, $0xffffffffffffffff
DATA keep<>+16(SB)/8, $0xffffffffffffffff
DATA keep<>+24(SB)/8, $0xffffffffffffffff
DATA keep<>+32(SB)/8, $0
DATA keep<>+40(SB)/8, $0
DATA keep<>+48(SB)/8, $0
DATA keep<>+56(SB)/8, $0
GLOBL keep<>(SB), RODATA|NOPTR, $64

// What hashKey multiplies by.
DATA mixer<>+0(SB)/8, $0xD6E8FEB86659FD93
GLOBL mixer<>(SB), RODATA|NOPTR, $8

// CLASSES tells of the 32 bytes in Y0, one bit for each, which are letters,
// which have the bit that makes a letter a small one, which are digits, which
// are signs or joints and which are joints or a 9. It uses Y1 and Y2; Y4 is zero,
// Y5 and Y6 are the tables.
#define CLASSES(letters, cased, digits, signs, joints) \
	VPSLLW    $2, Y0, Y1                 \
	VPMOVMSKB Y1, cased                  \
	VPOR      caseBit<>(SB), Y0, Y1      \
	VPADDB    toLetter<>(SB), Y1, Y1     \
	VPCMPGTB  belowLetter<>(SB), Y1, Y1  \
	VPMOVMSKB Y1, letters                \
	VPADDB    toDigit<>(SB), Y0, Y1      \
	VPCMPGTB  belowDigit<>(SB), Y1, Y1   \
	VPMOVMSKB Y1, digits                 \
	VPAND     nibble<>(SB), Y0, Y1       \
	VPSHUFB   Y1, Y5, Y1                 \
	VPSRLW    $4, Y0, Y2                 \
	VPAND     nibble<>(SB), Y2, Y2       \
	VPSHUFB   Y2, Y6, Y2                 \
	VPAND     Y1, Y2, Y1                 \
	VPMOVMSKB Y1, joints                 \
	VPCMPEQB  Y4, Y1, Y1                 \
	VPMOVMSKB Y1, signs                  \
	NOTL      signs

// MAY is hashSet.may for the set that is offset bytes into DI: it goes to yes
// if key may be there. BX holds threeBits, R14 which bits of a hash choose one;
// key and R12 are spoilt.
#define MAY(key, offset, yes) \
	IMULQ   mixer<>(SB), key           \
	BEXTRQ  R14, key, R12              \
	SHRQ    $54, key                   \
	MOVQ    offset(DI)(key*8), key     \
	ANDNQ   (BX)(R12*8), key, key      \
	JEQ     yes

// KEYS makes the keys of the word at bit CX: AX of the whole, R13 of its first
// four bytes. It spoils R12.
#define KEYS \
	MOVQ    (SI)(CX*1), AX  \
	MOVL    AX, R13         \
	SARXQ   CX, R9, R12     \
	MOVBLZX R12, R12        \
	ORQ     R10, AX         \
	ANDQ    (R8)(R12*8), AX

// func mark(t *triggers, block string, decided uint64, m *marks)
TEXT ·mark(SB), NOSPLIT, $0-40
	CMPB ·hasAVX2(SB), $0
	JEQ  without
	JMP  ·markAVX2(SB)

without:
	JMP ·markGo(SB)

// func markAVX2(t *triggers, block string, decided uint64, m *marks)
TEXT ·markAVX2(SB), NOSPLIT, $80-40
	// SI: the block. DX: its length.
	MOVQ    block_base+8(FP), SI
	MOVQ    block_len+16(FP), DX
	VMOVDQU signLow<>(SB), Y5
	VMOVDQU signHigh<>(SB), Y6
	VPXOR   Y4, Y4, Y4
	SUBQ    $32, DX
	JLT     under32

	// Up to eight bytes beyond the end are read along, if they are in its page.
	MOVL    SI, AX
	ANDL    $4095, AX
	LEAL    41(AX)(DX*1), AX
	CMPL    AX, $4096
	JHI     crossing

	// The first 32 bytes and the last 32: bytes read twice set the same bits.
from32:
	VMOVDQU (SI), Y0
	CLASSES(R8, R9, R10, R11, R13)
	VMOVDQU (SI)(DX*1), Y0
	CLASSES(AX, BX, CX, DI, R12)
	SHLXQ   DX, AX, AX
	SHLXQ   DX, BX, BX
	SHLXQ   DX, CX, CX
	SHLXQ   DX, DI, DI
	SHLXQ   DX, R12, R12
	ORQ     AX, R8
	ORQ     BX, R9
	ORQ     CX, R10
	ORQ     DI, R11
	ORQ     R12, R13
	JMP     classified

under32:
	MOVL SI, AX
	ANDL $4095, AX
	CMPL AX, $(4096-41)
	JHI  crossing
	CMPL DX, $-32
	JEQ  crossing

upTo32:
	VMOVDQU (SI), Y0
	LEAQ    keep<>(SB), AX
	SUBQ    DX, AX
	VPAND   (AX), Y0, Y0
	CLASSES(R8, R9, R10, R11, R13)

classified:
	VZEROUPPER
	MOVQ  m+32(FP), DI
	MOVQ  decided+24(FP), BX
	MOVQ  BX, marks_decided(DI)
	ANDNQ R11, R13, R11                   // signs
	ANDNQ R13, R10, R13                   // joints
	ANDQ  R8, R9                          // lower
	MOVQ  R8, R12
	XORQ  R9, R12                         // upper
	MOVQ  R13, marks_joint(DI)
	MOVQ  R11, marks_sign(DI)
	MOVQ  R9, marks_lower(DI)
	MOVQ  R12, marks_upper(DI)
	MOVQ  R10, marks_digit(DI)

	// AX: humps.
	LEAQ (R9)(R9*1), AX
	LEAQ (R12)(R12*1), CX
	SHRQ $1, R9
	BTSQ $63, R9
	ANDQ R9, CX
	ORQ  CX, AX
	ANDQ R12, AX
	MOVQ AX, marks_hump(DI)

	// R13: after a digit, and up to three letters before the next one.
	MOVQ  R10, R13
	SHRQ  $1, R13
	ANDQ  R8, R13
	ORQ   R10, R13
	SHRQ  $1, R13
	ANDQ  R8, R13
	ORQ   R10, R13
	SHRQ  $1, R13
	LEAQ  (R10)(R10*1), CX                // after a digit
	ANDQ  CX, R13

	// R11: letters after none but these, and humps.
	LEAQ  (R8)(R8*1), R11
	ANDNQ R8, R11, R11
	ANDNQ R11, R13, R11
	ORQ   AX, R11
	MOVQ  R11, marks_start(DI)

	// CX: third digits in a row.
	ANDQ  R10, CX
	LEAQ  (R10*4), R12
	ANDQ  R12, CX
	LEAQ  (R10*8), R12
	ANDNQ CX, R12, CX
	ANDQ  BX, CX
	MOVQ  CX, marks_third(DI)

	// AX: those that may be in a number: three digits follow at once or shortly
	// behind a sign, or they stand between capitals.
	MOVQ R10, R13
	SHRQ $2, R13
	MOVQ R10, R14
	SHRQ $1, R14
	ANDQ R10, R14
	ANDQ R13, R14                         // three digits
	SHRQ $1, R14
	MOVQ R14, AX
	SHRQ $1, R14
	ORQ  R14, AX
	SHRQ $1, R14
	ORQ  R14, AX
	SHRQ $2, R14
	ORQ  R14, AX
	MOVQ marks_upper(DI), R12
	LEAQ (R12*8), R14
	SHRQ $1, R12
	ANDQ R12, R14
	ORQ  R14, AX
	ANDQ CX, AX
	MOVQ AX, marks_number(DI)

	// AX: two letters and two digits at the start of a word.
	MOVQ  R10, AX
	SHRQ  $3, AX
	ANDQ  R13, AX
	MOVQ  R8, R14
	SHRQ  $1, R14
	ANDQ  R14, AX
	ANDQ  R11, AX
	ANDQ  BX, AX
	MOVQ  AX, marks_iban(DI)

	// R13: the last nine letters of words. What rotates into the last eight bits
	// is no sign of one.
	RORXQ $1, R8, CX
	ANDQ  R8, CX
	RORXQ $2, CX, R12
	ANDQ  CX, R12
	RORXQ $4, R12, CX
	ANDQ  R12, CX
	RORXQ $8, R8, R12
	ANDQ  CX, R12
	SHLQ  $8, R12
	SHRQ  $8, R12
	RORXQ $1, R12, CX
	ANDNQ R12, CX, R13
	ANDQ  BX, R13

	// The words: R11 the starts, R9 where they end, one bit early.
	MOVQ  R8, R9
	NOTQ  R9
	ORQ   R11, R9
	SHRQ  $1, R9
	BTSQ  $63, R9
	ANDQ  BX, R11
	MOVQ  t+0(FP), DI
	LEAQ  ·wordMasks(SB), R8
	LEAQ  ·threeBits(SB), BX
	MOVQ  $0xa020202020202020, R10        // foldBytes|wordBit
	MOVL  $(9<<8 | 45), R14               // nine bits from the one on that spread takes
	XORL  R15, R15
	TESTQ R13, R13
	JEQ   starts

nine:
	TZCNTQ R13, CX
	MOVQ   1(SI)(CX*1), AX
	ORQ    R10, AX
	SHRQ   $16, AX
	SHLQ   $16, AX                        // endKey
	MAY(AX, 0, foundNine)

moreNine:
	BLSRQ R13, R13
	JNE   nine

starts:
	MOVQ  m+32(FP), AX
	MOVQ  R15, marks_glued(AX)
	XORL  R15, R15
	TESTQ R11, R11
	JEQ   done

next:
	TZCNTQ R11, CX
	KEYS
	MAY(AX, 0, foundWord)

prefix:
	MAY(R13, 0x2000, foundPrefix)

more:
	BLSRQ R11, R11
	JNE   next

done:
	MOVQ m+32(FP), DI
	MOVQ R15, marks_words(DI)
	RET

foundNine:
	BTSQ CX, R15
	JMP  moreNine

foundWord:
	KEYS
	JMP near

foundPrefix:
	MOVL (SI)(CX*1), AX
	LEAQ -28(CX), R12
	CMPQ R12, DX                          // all four bytes are in the block
	JGT  more

near:
	// triggers.near. R13: what is filed, up to R12.
	MOVQ    AX, R12
	IMULQ   mixer<>(SB), R12
	SHRQ    $50, R12                      // 64-slotBits
	MOVWLZX triggers_from(DI)(R12*2), R13
	MOVWLZX triggers_from+2(DI)(R12*2), R12
	MOVQ    triggers_filed(DI), R8
	SHLQ    $5, R13                       // filed__size is 32
	SHLQ    $5, R12
	ADDQ    R8, R13
	ADDQ    R8, R12
	JMP     first

again:
	ADDQ $filed__size, R13

first:
	CMPQ R13, R12
	JEQ  unmet
	CMPQ AX, filed_key(R13)
	JNE  again

	// need.met. R8: the place.
	MOVBQSX filed_need+need_at(R13), R8
	SARXQ   CX, R9, R10
	TZCNTQ  R10, R10
	ADDQ    $2, R10
	CMPQ    R8, $-128                     // behindWord
	CMOVQEQ R10, R8
	ADDQ    CX, R8
	LEAQ    32(DX), R10
	CMPQ    R8, R10
	JCC     outside
	MOVBLZX (SI)(R8*1), R8
	MOVL    R8, R10
	SHRL    $1, R10
	ANDL    $32, R10
	ANDL    $31, R8
	ORL     R10, R8
	MOVQ    filed_need+need_any(R13), R10
	BTQ     R8, R10
	JCC     again

met:
	BTSQ CX, R15
	LEAQ ·wordMasks(SB), R8
	MOVQ $0xa020202020202020, R10
	JMP  more

outside:
	CMPQ R8, $64
	JLT  again
	JMP  met

unmet:
	LEAQ ·wordMasks(SB), R8
	MOVQ $0xa020202020202020, R10
	SHRQ $32, AX
	JEQ  more                             // a prefix
	MOVL (SI)(CX*1), R13
	JMP  prefix

crossing:
	// The block goes to the stack, where zeros follow it.
	VMOVDQU Y4, buf-80(SP)
	VMOVDQU Y4, buf-48(SP)
	MOVQ    $0, buf-16(SP)
	MOVQ    $0, buf-8(SP)
	LEAQ    buf-80(SP), DI
	LEAQ    32(DX), CX
	REP; MOVSB
	LEAQ    buf-80(SP), SI
	TESTQ   DX, DX
	JLT     upTo32
	JMP     from32
