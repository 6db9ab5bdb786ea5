import { Get } from '@nestjs/common';
import { ConsoleController, NotStored } from '../access/console-controller';
import { type Replicas } from '../contract';
import { ReplicasService } from './replicas.service';

@ConsoleController('replicas')
export class ReplicasController {
  constructor(private readonly service: ReplicasService) {}

  @Get()
  @NotStored()
  replicas(): Promise<Replicas> {
    return this.service.replicas();
  }
}
