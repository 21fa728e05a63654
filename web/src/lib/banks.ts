// Where money can be sent, by the code and the name people know; the list is a help, and any other
// code can be typed. Names are as their owners write them, in every language.
export const BANKS: readonly { code: string; name: string }[] = [
  { code: 'BRI', name: 'BRI' },
  { code: 'MANDIRI', name: 'Bank Mandiri' },
  { code: 'BNI', name: 'BNI' },
  { code: 'BCA', name: 'BCA' },
  { code: 'BTN', name: 'BTN' },
  { code: 'BSI', name: 'BSI (Bank Syariah Indonesia)' },
  { code: 'CIMB', name: 'CIMB Niaga' },
  { code: 'DANAMON', name: 'Danamon' },
  { code: 'PERMATA', name: 'Permata' },
  { code: 'BTPN', name: 'BTPN / SMBC Indonesia' },
  { code: 'BJB', name: 'bjb (Jawa Barat, Banten)' },
  { code: 'BJATENG', name: 'Bank Jateng' },
  { code: 'BJATIM', name: 'Bank Jatim' },
  { code: 'POS', name: 'Pos Indonesia' },
  { code: 'DANA', name: 'DANA' },
  { code: 'GOPAY', name: 'GoPay' },
  { code: 'OVO', name: 'OVO' },
  { code: 'LINKAJA', name: 'LinkAja' },
  { code: 'SHOPEEPAY', name: 'ShopeePay' },
];

export function bankName(code: string): string {
  return BANKS.find((one) => one.code === code)?.name ?? code;
}
