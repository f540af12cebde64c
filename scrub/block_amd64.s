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

// The sixteen bytes from slide+16-n on move the last n bytes of sixteen to the
// front.
DATA slide<>+0(SB)/8, $0x0706050403020100
DATA slide<>+8(SB)/8, $0x0f0e0d0c0b0a0908
DATA slide<>+16(SB)/8, $0x8080808080808080
DATA slide<>+24(SB)/8, $0x8080808080808080
GLOBL slide<>(SB), RODATA|NOPTR, $32

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

// MAY is hashSet.may for the set that is offset bytes into DI; key is spoilt,
// and so is BX. All but the lowest bit of out is noise.
#define MAY(key, offset, out) \
	IMULQ   mixer<>(SB), key           \
	RORXQ   $48, key, BX               \
	RORXQ   $42, key, out              \
	SHRQ    $54, key                   \
	SHRXQ   BX, offset(DI)(key*8), BX  \
	SHRXQ   out, offset(DI)(key*8), out \
	ANDL    BX, out

// WORD sets bit CX of R15 if the word that starts with the eight bytes in AX
// may be a trigger. It spoils AX, BX, R12 and R13.
#define WORD \
	MOVL    AX, R13           \
	SHRXQ   CX, R9, R12       \
	MOVBLZX R12, R12          \
	ORQ     R10, AX           \
	ANDQ    (R8)(R12*8), AX   \
	MAY(AX, 0, R12)           \
	MAY(R13, 0x2000, AX)      \
	ORL     R12, AX           \
	ANDL    $1, AX            \
	SHLXQ   CX, AX, AX        \
	ORQ     AX, R15

// func markAVX2(t *triggers, block string, decided uint64, c *carry, m *marks)
TEXT ·markAVX2(SB), NOSPLIT, $0-48
	MOVQ    block_base+8(FP), SI
	MOVQ    block_len+16(FP), DX
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
	// Nothing beyond the end is read, so what is short is put together.
	ADDQ        $16, DX                   // n-16
	JLT         under16
	VMOVDQU     (SI), X0
	VMOVDQU     (SI)(DX*1), X1
	LEAQ        slide<>+16(SB), AX
	NEGQ        DX
	VPSHUFB     (AX)(DX*1), X1, X1
	VINSERTI128 $1, X1, Y0, Y0
	JMP         together

under16:
	ADDQ    $8, DX                        // n-8
	JLT     under8
	MOVQ    (SI)(DX*1), AX
	LEAQ    (DX*8), CX
	NEGQ    CX
	ADDQ    $56, CX
	SHRQ    $8, AX                        // by 8 and up to 56: by 64 at once is by none
	SHRXQ   CX, AX, AX
	VMOVQ   (SI), X0
	VPINSRQ $1, AX, X0, X0
	JMP     together

under8:
	XORL    AX, AX
	ADDQ    $4, DX                        // n-4
	JLT     under4
	MOVL    (SI), AX
	MOVL    (SI)(DX*1), BX
	JMP     overlapping

under4:
	ADDQ    $2, DX                        // n-2
	JLT     under2
	MOVWLZX (SI), AX
	MOVWLZX (SI)(DX*1), BX

overlapping:
	SHLQ    $3, DX
	SHLXQ   DX, BX, BX
	ORQ     BX, AX
	JMP     few

under2:
	ADDQ    $1, DX                        // n-1
	JLT     few
	MOVBLZX (SI), AX

few:
	VMOVQ   AX, X0

together:
	CLASSES(R8, R9, R10, R11)

classified:
	VZEROUPPER
	MOVQ m+40(FP), BX
	MOVQ c+32(FP), DI
	ANDQ R8, R9                           // lower
	MOVQ R8, R12
	XORQ R9, R12                          // upper
	MOVQ R9, marks_lower(BX)
	MOVQ R12, marks_upper(BX)
	MOVQ R10, marks_digit(BX)
	MOVQ R11, marks_sign(BX)

	// AX: humps. A carry takes the last bit of the block before into the first.
	MOVQ R9, AX
	BTQ  $63, carry_lower(DI)
	ADCQ AX, AX
	LEAQ (R12)(R12*1), CX
	SHRQ $1, R9
	BTSQ $63, R9
	ANDQ R9, CX
	ORQ  CX, AX
	ANDQ R12, AX
	MOVQ AX, marks_hump(BX)

	// CX: letters after none, and humps.
	MOVQ  R8, CX
	BTQ   $63, carry_letter(DI)
	ADCQ  CX, CX
	ANDNQ R8, CX, CX
	ORQ   AX, CX

	// R13: after a digit, and up to three letters before the next one.
	MOVQ  R10, R13
	SHRQ  $1, R13
	ANDQ  R8, R13
	ORQ   R10, R13
	SHRQ  $1, R13
	ANDQ  R8, R13
	ORQ   R10, R13
	SHRQ  $1, R13
	BTQ   $63, carry_digit(DI)
	ADCQ  R10, R10
	ANDQ  R10, R13
	ANDNQ R13, AX, R13                    // humps are none of these
	ANDNQ CX, R13, CX
	MOVQ  CX, marks_start(BX)

	// The words: R11 the starts, R9 where they end, one bit early.
	MOVQ  R8, R9
	NOTQ  R9
	ORQ   CX, R9
	SHRQ  $1, R9
	MOVQ  decided+24(FP), R11
	ANDQ  CX, R11
	MOVQ  t+0(FP), DI
	LEAQ  ·wordMasks(SB), R8
	MOVQ  $0xa020202020202020, R10        // foldBytes|wordBit
	XORL  R15, R15
	MOVQ  block_len+16(FP), DX
	SUBQ  $7, DX
	JLE   fewer
	SHRXQ DX, R11, R14                    // those with less than eight bytes
	BZHIQ DX, R11, R11
	JZ    last

next:
	TZCNTQ R11, CX
	MOVQ   (SI)(CX*1), AX
	WORD
	BLSRQ  R11, R11
	JNZ    next

last:
	TESTQ R14, R14
	JZ    done
	SHLXQ DX, R14, R11
	SUBQ  $1, DX
	MOVQ  (SI)(DX*1), SI                  // the last eight bytes
	SHLQ  $3, DX
	JMP   beyond

fewer:
	VMOVQ X0, SI                          // the bytes themselves
	XORL  DX, DX
	TESTQ R11, R11
	JZ    done

beyond:
	TZCNTQ R11, CX
	LEAQ   (CX*8), AX
	SUBQ   DX, AX
	SHRXQ  AX, SI, AX
	WORD
	BLSRQ  R11, R11
	JNZ    beyond

done:
	MOVQ m+40(FP), BX
	MOVQ R15, marks_words(BX)
	RET
