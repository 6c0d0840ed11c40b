/** What the networks may run on. Names are those of onnxruntime's execution providers. */
export const deviceNames = ['cpu', 'cuda', 'tensorrt', 'webgpu'] as const;
export type DeviceName = (typeof deviceNames)[number];
