/**
 * The few lines of the protobuf wire format (protobuf.dev, "Encoding") that writing an ONNX file needs. A message is
 * the list of its encoded fields; nothing is copied until `joinBytes`.
 */
export type Message = readonly Uint8Array[];

const wireVarint = 0;
const wireBytes = 2;
const wireFixed32 = 5;
const textEncoder = new TextEncoder();

function varint(value: bigint): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, value);
  while (rest > 0x7fn) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}

function tag(field: number, wireType: number): Uint8Array {
  return varint(BigInt((field << 3) | wireType));
}

export function integerField(field: number, value: number | bigint): Message {
  return [tag(field, wireVarint), varint(BigInt(value))];
}

export function floatField(field: number, value: number): Message {
  return [tag(field, wireFixed32), new Uint8Array(Float32Array.of(value).buffer)];
}

export function bytesField(field: number, value: Uint8Array): Message {
  return [tag(field, wireBytes), varint(BigInt(value.length)), value];
}

export function stringField(field: number, value: string): Message {
  return bytesField(field, textEncoder.encode(value));
}

export function messageField(field: number, message: Message): Message {
  const sizeBytes = message.reduce((sum, part) => sum + part.length, 0);
  return [tag(field, wireBytes), varint(BigInt(sizeBytes)), ...message];
}

export function joinBytes(message: Message): Uint8Array {
  const joined = new Uint8Array(message.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of message) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}
