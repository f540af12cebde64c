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
TABLE(signLow, $0x0000090100000102, $0x0000000411000000)
TABLE(signHigh, $0x0000040200011000, $0x0008020000000000)

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
// which have the bit that makes a letter a small one, which are digits and
// which are signs. It uses Y1 and Y2; Y4 is zero, Y5 and Y6 are the tables.
#define CLASSES(letters, cased, digits, signs) \
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
	VPCMPEQB  Y4, Y1, Y1                 \
	VPMOVMSKB Y1, signs                  \
	NOTL      signs

// MAY is hashSet.may for the set that is offset bytes into DI: it goes to yes
// if key may be there. BX holds threeBits; key and R12 are spoilt.
#define MAY(key, offset, yes) \
	IMULQ   mixer<>(SB), key           \
	RORXQ   $44, key, R12              \
	ANDL    $511, R12                  \
	SHRQ    $53, key                   \
	MOVQ    offset(DI)(key*8), key     \
	ANDNQ   (BX)(R12*8), key, key      \
	JEQ     yes

// WORD goes to yes if the word at bit CX, that starts with the eight bytes in
// AX, may be a trigger. It spoils AX, R12 and R13.
#define WORD(yes) \
	MOVL    AX, R13         \
	SHRXQ   CX, R9, R12     \
	MOVBLZX R12, R12        \
	ORQ     R10, AX         \
	ANDQ    (R8)(R12*8), AX \
	MAY(AX, 0, yes)         \
	MAY(R13, 0x4000, yes)

// func mark(t *triggers, text string, base int, v *view)
TEXT ·mark(SB), NOSPLIT, $0-40
	CMPB ·hasAVX2(SB), $0
	JEQ  without
	JMP  ·markAVX2(SB)

without:
	JMP ·markGo(SB)

// func markAVX2(t *triggers, text string, base int, v *view)
TEXT ·markAVX2(SB), NOSPLIT, $80-40
	// SI: the block. DX: its length. What the next block decides is left to it.
	MOVQ    base+24(FP), AX
	MOVQ    text_base+8(FP), SI
	MOVQ    text_len+16(FP), DX
	ADDQ    AX, SI
	SUBQ    AX, DX
	MOVQ    $-1, AX
	MOVQ    $0x00ffffffffffffff, BX       // blockStep bits
	MOVL    $64, CX
	CMPQ    DX, CX
	CMOVQGT BX, AX
	CMOVQGT CX, DX
	MOVQ    AX, decided-80(SP)
	VMOVDQU signLow<>(SB), Y5
	VMOVDQU signHigh<>(SB), Y6
	VPXOR   Y4, Y4, Y4
	SUBQ    $32, DX
	JLT     under32

	// The first 32 bytes and the last 32: bytes read twice set the same bits.
	VMOVDQU (SI), Y0
	CLASSES(R8, R9, R10, R11)
	VMOVDQU (SI)(DX*1), Y0
	CLASSES(AX, BX, CX, DI)
	SHLXQ   DX, AX, AX
	SHLXQ   DX, BX, BX
	SHLXQ   DX, CX, CX
	SHLXQ   DX, DI, DI
	ORQ     AX, R8
	ORQ     BX, R9
	ORQ     CX, R10
	ORQ     DI, R11
	JMP     classified

under32:
	MOVQ AX, decided-80(SP)

	// One load, which may take bytes beyond the end along, but not from another
	// page than one that holds bytes of the block. What is kept goes to the
	// stack, where zeros follow it.
	CMPQ  DX, $-32
	JEQ   empty
	MOVL  SI, AX
	ANDL  $4095, AX
	CMPL  AX, $4064
	JHI   crossing
	VMOVDQU (SI), Y0

together:
	LEAQ    keep<>(SB), AX
	SUBQ    DX, AX
	VPAND   (AX), Y0, Y0
	LEAQ    buf-72(SP), SI
	VMOVDQU Y0, (SI)
	MOVQ    $0, 32(SI)
	CLASSES(R8, R9, R10, R11)
	JMP     classified

empty:
	XORL R8, R8
	XORL R9, R9
	XORL R10, R10
	XORL R11, R11
	JMP  classified

crossing:
	VMOVDQU (SI)(DX*1), Y0                // the last 32 bytes up to the end
	LEAQ    buf-72(SP), AX
	VMOVDQU Y0, (AX)
	SUBQ    DX, AX
	VMOVDQU (AX), Y0
	JMP     together

classified:
	VZEROUPPER
	MOVQ v+32(FP), DI
	ANDQ R8, R9                           // lower
	MOVQ R8, R12
	XORQ R9, R12                          // upper
	ANDQ decided-80(SP), R11
	MOVQ R9, view_marks+marks_lower(DI)
	MOVQ R12, view_marks+marks_upper(DI)
	MOVQ R10, view_marks+marks_digit(DI)
	MOVQ R11, view_marks+marks_sign(DI)

	// AX: humps. A carry takes the last bit of the block before into the first.
	MOVQ R9, AX
	BTQ  $63, view_before+carry_lower(DI)
	ADCQ AX, AX
	MOVQ view_before+carry_lower(DI), CX
	ANDNQ view_before+carry_letter(DI), CX, CX
	BTQ  $63, CX
	MOVQ R12, CX
	ADCQ CX, CX
	SHRQ $1, R9
	BTSQ $63, R9
	ANDQ R9, CX
	ORQ  CX, AX
	ANDQ R12, AX
	MOVQ AX, view_marks+marks_hump(DI)

	// R11: letters after none, and humps.
	MOVQ  R8, R11
	BTQ   $63, view_before+carry_letter(DI)
	ADCQ  R11, R11
	ANDNQ R8, R11, R11
	ORQ   AX, R11

	// R13: after a digit, and up to three letters before the next one.
	MOVQ  R10, R13
	SHRQ  $1, R13
	ANDQ  R8, R13
	ORQ   R10, R13
	SHRQ  $1, R13
	ANDQ  R8, R13
	ORQ   R10, R13
	SHRQ  $1, R13
	MOVQ  view_before+carry_digit(DI), BX
	LEAQ  (R10)(R10*1), CX
	MOVQ  BX, R12
	SHRQ  $63, R12
	ORQ   R12, CX                         // after a digit
	ANDQ  CX, R13
	ANDNQ R13, AX, R13                    // humps are none of these
	ANDNQ R11, R13, R11
	MOVQ  R11, view_marks+marks_start(DI)

	// CX: third digits in a row.
	ANDQ  R10, CX
	RORXQ $62, R10, R12                   // two to the left, once the lowest are set
	ANDQ  $-4, R12
	MOVQ  BX, R13
	SHRQ  $62, R13
	ORQ   R13, R12
	ANDQ  R12, CX
	SHLQ  $3, R10
	SHRQ  $61, BX
	ORQ   BX, R10
	ANDNQ CX, R10, CX
	MOVQ  decided-80(SP), BX
	ANDQ  BX, CX
	MOVQ  CX, view_marks+marks_third(DI)
	JEQ   numbered

	// CX: those that may be in a number, which all are if an IBAN may have begun.
	MOVQ  view_marks+marks_digit(DI), R10
	MOVQ  R8, AX
	SHRQ  $1, AX
	ANDQ  R8, AX
	MOVQ  R10, R12
	SHRQ  $2, R12
	ANDQ  R12, AX
	SHRQ  $1, R12
	ANDQ  R12, AX                         // two letters, two digits
	JEQ   noIBAN
	MOVQ  view_marks+marks_sign(DI), R13
	ORQ   view_before+carry_sign(DI), R13
	JNE   numbered
	MOVQ  R8, R13
	ORQ   R10, R13
	MOVQ  view_before+carry_letter(DI), R14
	ORQ   view_before+carry_digit(DI), R14
	ADDQ  R14, R14
	ADCQ  R13, R13
	ANDNQ AX, R13, R13                    // at the start of a word
	JNE   numbered

noIBAN:
	CMPB  view_before+carry_iban(DI), $0
	JNE   numbered
	MOVQ  R10, R13
	SHRQ  $1, R13
	ANDQ  R10, R13
	MOVQ  R10, AX
	SHRQ  $2, AX
	ANDQ  AX, R13                         // three digits
	ANDQ  R13, R12                        // and a fourth
	MOVQ  R8, AX
	ORQ   R10, AX
	NOTQ  AX
	SHRQ  $1, AX
	MOVQ  AX, R14
	SHRQ  $1, R14
	ORQ   R14, AX                         // a sign one or two behind
	SHRQ  $2, R13
	MOVQ  R13, R10
	SHRQ  $1, R10
	MOVQ  R13, R14
	SHRQ  $3, R14
	ORQ   R13, R10
	ORQ   R14, R10
	ANDQ  R10, AX                         // and three digits behind that
	ORQ   R12, AX
	MOVQ  view_marks+marks_upper(DI), R12
	MOVQ  R12, R13
	SHLQ  $3, R12
	SHRQ  $1, R13
	MOVQ  view_before+carry_lower(DI), R14
	ANDNQ view_before+carry_letter(DI), R14, R14
	SHRQ  $61, R14
	ORQ   R14, R12
	ANDQ  R13, R12                        // between capitals
	ORQ   R12, AX
	ANDQ  AX, CX

numbered:
	MOVQ  CX, view_marks+marks_number(DI)

	// R13: the last nine letters of words, which start at the first 56 bits;
	// what rotates into the others is no sign of one.
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

	// The words: R11 the starts, R9 where they end, one bit early.
	MOVQ  R8, R9
	NOTQ  R9
	ORQ   R11, R9
	SHRQ  $1, R9
	ANDQ  BX, R11
	MOVQ  t+0(FP), DI
	LEAQ  ·wordMasks(SB), R8
	LEAQ  ·threeBits(SB), BX
	MOVQ  $0xa020202020202020, R10        // foldBytes|wordBit
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
	MOVQ  v+32(FP), AX
	MOVQ  R15, view_marks+marks_glued(AX)
	XORL  R15, R15
	XORL  R14, R14
	TESTQ DX, DX
	JLT   whole                           // eight bytes or zeros follow each place
	ADDQ  $25, DX                         // n-7
	SHRXQ DX, R11, R14                    // those with less than eight bytes
	BZHIQ DX, R11, R11

whole:
	TESTQ R11, R11
	JEQ   rest

next:
	TZCNTQ R11, CX
	MOVQ   (SI)(CX*1), AX
	WORD(found)

more:
	BLSRQ R11, R11
	JNE   next

rest:
	TESTQ R14, R14
	JEQ   done
	SHLXQ DX, R14, R11
	XORL  R14, R14
	SUBQ  $1, DX
	MOVQ  (SI)(DX*1), SI                  // the last eight bytes
	SHLQ  $3, DX

beyond:
	TZCNTQ R11, CX
	LEAQ   (CX*8), AX
	SUBQ   DX, AX
	SHRXQ  AX, SI, AX
	WORD(foundBeyond)

moreBeyond:
	BLSRQ R11, R11
	JNE   beyond

done:
	MOVQ v+32(FP), DI
	MOVQ R15, view_marks+marks_words(DI)
	RET

foundNine:
	BTSQ CX, R15
	JMP  moreNine

found:
	BTSQ CX, R15
	JMP  more

foundBeyond:
	BTSQ CX, R15
	JMP  moreBeyond
